"""The words a diagram may use beyond BPMN: job types, properties, posts, clocks, ledgers, letters, texts.

From this one table come the rules of deployment (nothing is accepted that nobody carries out) and the element templates of the
Modeler. Runs nothing. Job types that are not of our families are for outside programs and are left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from casework import deployed, notify
from casework.act import Act
from casework.deployed import BadTable
from casework.law import calendar, clocks, policy
from casework.people import organisation
from casework.records import archive, ledgers, letters, masks
from casework.steps import STEPS
from engine.deployment import Checker, Rule
from engine.errors import DeploymentRefused, Problem
from engine.expressions import Value
from engine.model import Deployment, Json, Resource
from engine.parsing.bpmn import read_bpmn
from engine.parsing.forms import read_form
from engine.parsing.records import Collaboration, Element, ElementKind, ProcessModel
from engine.xml import XmlRefused


def read_grounds(tree: Json) -> frozenset[str]:
    """The codes of `grounds.yaml`, on which a clock may stand still or be extended. Raises BadTable."""
    codes = []
    for row in deployed.rows(tree, "grounds"):
        codes.append(deployed.text(row, "code"))
        if row.get("effect") not in EFFECTS:
            raise BadTable(f"理由 {codes[-1]} 的作用不明:{row.get('effect')}", f"Ground {codes[-1]}: unknown effect {row.get('effect')}")
    if len(set(codes)) != len(codes):
        raise BadTable("理由代码重复。", "A ground stands twice.")
    return frozenset(codes)


#: Who reads which table.
TABLES: Mapping[str, Callable[[Json], Any]] = {
    organisation.POSTS_FILE: organisation.read_posts, clocks.RULES_FILE: clocks.read_rules,
    policy.CATALOGUE: policy.read_parameters, ledgers.FILE: ledgers.parse, letters.FILE: letters.parse,
    archive.FILE: archive.parse, notify.FILE: notify.parse, "grounds.yaml": read_grounds,
}  # fmt: skip

EFFECTS = frozenset({"suspend", "extend"})
STAGES = frozenset({"visit", "appraisal", "review", "approval", "check"})
DECIDING_STAGES = frozenset({"review", "approval"})
WIDGETS = frozenset({"signature", "post", "person", "household", "files"})
EDGES = frozenset({"amber", "due"})


@dataclass(frozen=True, slots=True)
class JobWords:
    """A job type as designers meet it. A word stands in the headers or is an input; `one_of` lists the values that are known.

    `required` and `optional` name what may stand in the task headers; `inputs` what the input mappings must give, `further` what
    they may; `gives` the results.
    """

    zh: str
    en: str
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    one_of: Mapping[str, frozenset[str]] = field(default_factory=dict)
    listener: bool = False


JOBS: Mapping[str, JobWords] = {
    "policy.load": JobWords("载入政策参数", "Load the policy figures"),
    "case.register": JobWords("登记案件", "Register the case", required=("ledger",), inputs=("person", "text"), gives=("registered",)),
    "case.start": JobWords(
        "开启另一事项", "Open another case", optional=("process", "message"), inputs=("data",), further=("cause",), gives=("opened",)
    ),
    "case.link": JobWords("关联案件", "Link a case", required=("kind",), inputs=("caseNo",)),
    "case.count": JobWords("计数", "Count", required=("counter",), inputs=("delta",)),
    "clock.start": JobWords("起算时限", "Start a clock", required=("clock",), further=("startAt", "items"), gives=("started",)),
    "clock.step": JobWords("起算环节提醒", "Start the step's clock", listener=True),
    "clock.stop": JobWords("停止时限", "Stop a clock", required=("clock",), further=("item", "at", "ground")),
    "clock.suspend": JobWords("停钟", "Suspend a clock", required=("clock",), inputs=("ground",), further=("item",)),
    "clock.resume": JobWords("续钟", "Resume a clock", required=("clock",), further=("item",)),
    "clock.extend": JobWords("延长时限", "Extend a clock", required=("clock",), inputs=("ground", "length")),
    "ledger.add": JobWords(
        "登记台账", "Enter into a ledger", required=("ledger",), further=("entry", "entries", "openedOn"), gives=("entryNos",)
    ),
    "ledger.flag": JobWords("台账标红", "Flag a ledger's entry", required=("ledger",), further=("item", "ground")),
    "ledger.close": JobWords("台账销号", "Strike off a ledger", required=("ledger",), further=("item", "ground")),
    "ledger.count": JobWords(
        "统计台账", "Count a ledger", required=("ledger", "state"), gives=("count",), one_of={"state": frozenset({"open", "overdue"})}
    ),
    "payment.payNow": JobWords("立即支付", "Pay now", inputs=("payee", "amount", "way"), further=("part",), gives=("payment",)),
    "aid.register": JobWords("登记救助", "Register an aid", inputs=("kind", "amount", "from"), further=("class",), gives=("aid",)),
    "letter.issue": JobWords("出具文书", "Issue a letter", required=("letter",), inputs=("data",), gives=("letter",)),
    "notice.post": JobWords("公开、公示", "Post a notice", required=("notice",), inputs=("data",), gives=("notice",)),
    "notify": JobWords(
        "通知", "Notify", required=("text", "channel"), inputs=("posts",), further=("data",),
        one_of={"channel": frozenset(notify.CHANNELS)},
    ),
    "archive.file": JobWords(
        "归档材料", "File papers", required=("step",), inputs=("recordClass",), further=("excused",), gives=("required", "missing"),
        one_of={"step": frozenset({"collect", "check"})},
    ),
    "archive.seal": JobWords(
        "封卷", "Seal the file", inputs=("fileNo", "recordClass", "place", "pieces", "retention"), further=("secrecy",),
        gives=("archived",),
    ),
    "task.assign": JobWords("指定办理人", "Appoint an officer", inputs=("person",), further=("taskId", "ground")),
    "message.publish": JobWords("发出消息", "Publish a message", required=("name",), inputs=("key",), further=("variables",)),
}
FAMILIES = frozenset(name.partition(".")[0] for name in JOBS)

#: Properties of the process, and of elements by their kind; a word that is none of these is nobody's.
PROCESS_PROPERTIES = frozenset({
    "startBy", "matter", "aidKind", "mainClock", "clockCodes", "urgent", "nameEn", "description", "descriptionEn", "clause",
})  # fmt: skip
ANYWHERE = frozenset({"clause"})
TIMED = frozenset({"clock", "edge"})
USER_TASK = TIMED | {"notBy", "recusal", "title", "titleEn", "assign", "second", "allowed"}
START_EVENT = TIMED | {"operation", "form", "post", "label"}
END_EVENT = frozenset({"outcome"})


@dataclass(frozen=True, slots=True)
class Words:
    """The codes of the deployed tables that a diagram may name; None: the table is not there, so nothing is said about it."""

    posts: Mapping[str, organisation.Post] | None = None
    clocks: frozenset[str] | None = None
    ledgers: frozenset[str] | None = None
    letters: frozenset[str] | None = None
    texts: frozenset[str] | None = None


def words(act: Act, resources: Sequence[Resource]) -> Words:
    """The words in force once `resources` are deployed: their own tables, else the deployed ones."""
    def table(name: str) -> Any:
        content = next((one.content for one in resources if one.name == name), None)
        kept = act.work.resource(name) if content is None else None
        content = kept.content if kept is not None else content
        try:
            return None if content is None else TABLES[name](deployed.load(content))
        except BadTable:
            return None  # the table itself is refused; nothing more can be said by it

    texts = table(notify.FILE)
    return Words(
        posts=table(organisation.POSTS_FILE), clocks=_codes(table(clocks.RULES_FILE)), ledgers=_codes(table(ledgers.FILE)),
        letters=_codes(table(letters.FILE)), texts=_codes(texts.texts if texts is not None else None),
    )  # fmt: skip


def _codes(table: Mapping[str, Any] | None) -> frozenset[str] | None:
    return None if table is None else frozenset(table)


# -- deploying ---------------------------------------------------------------------------------------------------------


def deploy(act: Act, resources: Iterable[Resource], *, name: str | None = None) -> Deployment:
    """Take files into use, all or none. DeploymentRefused with every problem of every file, the engine's and ours."""
    files = list(resources)
    ours = problems(act, files)
    try:
        deployment = act.work.deploy(files, name=name)
    except DeploymentRefused as refused:
        raise DeploymentRefused([*refused.problems, *(one for one in ours if one not in refused.problems)]) from refused
    if ours:
        raise DeploymentRefused(ours)
    return deployment


def problems(act: Act, resources: Sequence[Resource]) -> list[Problem]:
    """Words of these diagrams that no deployed table has; a file that is no BPMN is the engine's to refuse."""
    check = rule(words(act, resources))
    found: list[Problem] = []
    for one in resources:
        try:
            if one.name.lower().endswith(".bpmn"):
                found += check(read_bpmn(one.content, file=one.name, functions=calendar.FUNCTIONS), one)
            elif one.name.lower().endswith(".form"):
                found += form_problems(one)
        except (DeploymentRefused, XmlRefused):
            continue
    return found


def form_problems(resource: Resource) -> list[Problem]:
    """Custom properties of a form's fields that cannot be meant: rule, mask, widget. A file that is no form is the engine's to
    refuse (DeploymentRefused)."""
    waiting: list[Mapping[str, Any]] = [read_form(resource.content, file=resource.name).schema]
    found: list[Problem] = []
    while waiting:
        component = waiting.pop()
        waiting += component.get("components") or ()
        found += [
            Problem(rule=name, zh=zh, en=en, file=resource.name, element_id=component.get("id"), element_name=component.get("label"))
            for name, zh, en in _field_problems(component.get("properties") or {})
        ]
    return found


def _field_problems(properties: Mapping[str, Json]) -> Iterator[tuple[str, str, str]]:
    if properties.get("rule") and not properties.get("ruleText"):
        yield "field-rule", "有规则的字段须有 ruleText，告诉人哪里不对", "A field with a rule has a ruleText that tells people what is wrong."
    mask, widget = properties.get("mask"), properties.get("widget")
    if mask and mask not in masks.SEES_PLAIN:
        yield "field-mask", f"没有遮蔽方式 {mask}", f"there is no mask {mask}"
    if widget and widget not in WIDGETS:
        yield "field-widget", f"没有控件 {widget}", f"there is no widget {widget}"


# -- rules -------------------------------------------------------------------------------------------------------------


def rule(known: Words | None = None) -> Rule:
    """The rule of deployment over these words; without words only what this table itself knows."""
    in_force = known or Words()

    def check(file: Collaboration, resource: Resource) -> list[Problem]:
        return [
            Problem(one.rule, one.zh, one.en, resource.name, one.element_id, one.element_name, one.line)
            for process in file.processes
            for one in _process_problems(process, in_force)
        ]

    return check


def _process_problems(process: ProcessModel, known: Words) -> Iterator[Problem]:
    place = Element(id=process.id, name=process.name, kind=ElementKind.SUB_PROCESS, line=process.line, scope="")
    yield from _unknown_properties(place, process.properties, PROCESS_PROPERTIES)
    for post in _listed(process.properties.get("startBy")):
        if post != "*":
            yield from _post(place, post, known)
    for code in [*_listed(process.properties.get("clockCodes")), _text(process.properties.get("mainClock")).partition(" ")[0]]:
        yield from _code(place, "clock-known", "时限", "clock", code, known.clocks)
    for element in process.elements.values():
        yield from _element_problems(process, element, known)


def _element_problems(process: ProcessModel, element: Element, known: Words) -> Iterator[Problem]:
    yield from _unknown_properties(element, element.properties, ANYWHERE | _properties_of(element))
    yield from _clock_of(element, known)
    if element.job is not None:
        yield from _job(element, element.job.type, element.job.headers, known)
    for listener in element.listeners:
        if listener.type is not None:
            yield from _job(element, listener.type, {}, known, listener=True)
    if element.user_task is not None:
        yield from _user_task(process, element, known)
    for post in _listed(element.properties.get("post")):
        yield from _post(element, post, known)


def _properties_of(element: Element) -> frozenset[str]:
    match element.kind:
        case ElementKind.USER_TASK:
            return USER_TASK
        case ElementKind.START_EVENT:
            return START_EVENT
        case ElementKind.END_EVENT:
            return END_EVENT
        case ElementKind.BOUNDARY_EVENT | ElementKind.INTERMEDIATE_CATCH_EVENT:
            return TIMED
        case _:
            return frozenset()


def _unknown_properties(element: Element, properties: Mapping[str, Value], allowed: frozenset[str]) -> Iterator[Problem]:
    for name in properties.keys() - allowed:
        known = "、".join(sorted(allowed))
        yield _problem(
            element, "property-known", f"扩展属性 {name} 在这里不起作用,可用的有:{known}",
            f"the property {name} means nothing here; known are: {', '.join(sorted(allowed))}",
        )  # fmt: skip


def _clock_of(element: Element, known: Words) -> Iterator[Problem]:
    named, edge = element.properties.get("clock"), element.properties.get("edge")
    if named is not None and named.literal is not None:
        yield from _code(element, "clock-known", "时限", "clock", named.literal, known.clocks)
    if edge is not None and edge.literal not in EDGES:
        yield _problem(element, "clock-edge", f"edge 应为 amber 或 due,而不是 {edge.source}", f"edge is amber or due, not {edge.source}")


def _job(
    element: Element, kind: Value, headers: Mapping[str, str], known: Words, *, listener: bool = False
) -> Iterator[Problem]:
    name = kind.literal
    if name is None or (name not in JOBS and name.partition(".")[0] not in FAMILIES):
        return
    if name not in STEPS or JOBS[name].listener is not listener:
        yield _problem(
            element, "job-known", f"没有作业类型 {name}{'(监听器)' if listener else ''}", f"there is no job type {name}"
            f"{' for a listener' if listener else ''}",
        )  # fmt: skip
        return
    asked = JOBS[name]
    given = {mapping.target[0] for mapping in element.inputs}
    for word in (*asked.required, *asked.inputs):
        if word not in given and not (word in asked.required and headers.get(word)):
            yield _problem(element, "job-words", f"作业 {name} 缺少 {word}", f"the job {name} lacks {word}")
    for word in headers.keys() - {*asked.required, *asked.optional}:
        yield _problem(element, "job-words", f"作业 {name} 不认识标头 {word}", f"the job {name} knows no header {word}")
    yield from _header_values(element, name, headers, known)


def _header_values(element: Element, job: str, headers: Mapping[str, str], known: Words) -> Iterator[Problem]:
    for word, values in JOBS[job].one_of.items():
        if headers.get(word) and headers[word] not in values:
            listed = ", ".join(sorted(values))
            yield _problem(
                element, "job-words", f"{word} 应为 {listed} 之一,而不是 {headers[word]}", f"{word} is one of {listed}, not {headers[word]}"
            )
    stop_all = known.clocks and known.clocks | {clocks.ALL} if job == "clock.stop" else known.clocks
    yield from _code(element, "clock-known", "时限", "clock", headers.get("clock"), stop_all)
    yield from _code(element, "ledger-known", "台账", "ledger", headers.get("ledger"), known.ledgers)
    yield from _code(element, "letter-known", "文书", "letter", headers.get("letter") or headers.get("notice"), known.letters)
    if job == "notify":
        yield from _code(element, "text-known", "文本", "text", headers.get("text"), known.texts)


def _user_task(process: ProcessModel, element: Element, known: Words) -> Iterator[Problem]:
    stage = element.properties.get("recusal")
    if stage is not None and stage.source not in STAGES:
        listed = ", ".join(sorted(STAGES))
        yield _problem(element, "recusal-stage", f"回避环节应为 {listed} 之一", f"the recusal stage is one of {listed}")
    for other in _listed(element.properties.get("notBy")):
        if other not in process.elements:
            yield _problem(
                element, "four-eyes", f"notBy 所指的环节 {other} 不在流程中", f"notBy names {other}, which is not in the process"
            )
    groups = element.user_task.candidate_groups if element.user_task is not None else None
    for post in _listed(groups):
        yield from _post(element, post, known)
        deciding = stage is not None and stage.source in DECIDING_STAGES
        if deciding and known.posts and post in known.posts and all(tier == "village" for tier in known.posts[post].tiers):
            yield _problem(
                element, "village-post", f"村级岗位 {post} 不得承担审核、审批环节", f"the village post {post} takes no step of review or approval"
            )


def _post(element: Element, named: str, known: Words) -> Iterator[Problem]:
    yield from _code(element, "post-known", "岗位", "post", named.partition(":")[0], None if known.posts is None else frozenset(known.posts))


def _code(element: Element, rule_id: str, zh: str, en: str, code: str | None, known: frozenset[str] | None) -> Iterator[Problem]:
    if code and known is not None and code not in known:
        yield _problem(element, rule_id, f"{zh}目录中没有 {code}", f"the table of {en}s has no {code}")


def _problem(element: Element, rule_id: str, zh: str, en: str) -> Problem:
    return Problem(rule=rule_id, zh=zh, en=en, element_id=element.id, element_name=element.name, line=element.line)


def _listed(value: Value | None) -> list[str]:
    """The words of a comma list that is written out; an expression says nothing before it runs."""
    return [word.strip() for word in _text(value).split(",") if word.strip()]


def _text(value: Value | None) -> str:
    return (value.literal or "") if value is not None else ""


# -- our own kinds of files --------------------------------------------------------------------------------------------


def check_table(resource: Resource) -> list[Problem]:
    """Problems of a YAML table; one that nobody reads is refused, so that a misspelt name is not taken for a deployment."""
    parse = TABLES.get(resource.name)
    if parse is None:
        listed = "、".join(sorted(TABLES))
        return [
            Problem("table-known", f"没有名为 {resource.name} 的表,已知的有:{listed}", f"there is no table {resource.name}", resource.name)
        ]
    return deployed.check(resource.name, resource.content, parse)


def check_template(resource: Resource) -> list[Problem]:
    """Problems of a letter's template."""
    return letters.check_template(resource.name, resource.content)


RESOURCE_KINDS: Mapping[str, Checker] = {".yaml": check_table, ".typ": check_template}
RULES: Sequence[Rule] = (rule(),)
