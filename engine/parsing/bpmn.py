"""Reads a BPMN file into records, or says everything that is wrong with it.

`read_bpmn` is what a deployment calls. The order is: bytes to a tree (`engine.xml`), is it BPMN and in a dialect that we
read, is every word of it carried out (`survey`), what does it say (here, `events`, and its dialect: `camunda8` or
`camunda7`), may one say that (`rules`). A problem never stops the reading of the rest.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from engine.errors import DeploymentRefused, Problem
from engine.feel import ExtraFunctions
from engine.limits import FLOW_ELEMENTS, ID_CHARACTERS
from engine.parsing import consistency, dialects, events, rules
from engine.parsing.dialect import DialectReader
from engine.parsing.dialects import PLATFORM, reader_of
from engine.parsing.elements import (
    BPMN,
    BPMN_DI,
    MODELER,
    children,
    chinese_name,
    comments_removed,
    is_executable,
    local,
    split,
)
from engine.parsing.flow_nodes import documentation_of, name_of, read_element
from engine.parsing.reading import Expressions, Reading, expression
from engine.parsing.records import SUB_PROCESSES, Collaboration, ElementKind, Flow, ProcessModel
from engine.parsing.report import ERROR, Report
from engine.parsing.survey import survey
from engine.xml import Node, XmlRefused, line_of, parse_xml

_KINDS: dict[str, ElementKind] = {
    kind.value: kind for kind in ElementKind if kind not in {ElementKind.PROCESS, ElementKind.EVENT_SUB_PROCESS}
}
# Without these a record would hold something else than the file says.
_UNREADABLE = frozenset({"feel-syntax", "juel-syntax", "feel-limit", "undefined-reference", "missing-id"})
_NO_FUNCTIONS: ExtraFunctions = {}


@dataclass(frozen=True, slots=True)
class Inspection:
    """What became of a file: the model, unless some problem is an error, and every problem, warnings included."""

    collaboration: Collaboration | None
    problems: tuple[Problem, ...]


def read_bpmn(data: bytes, *, file: str, functions: ExtraFunctions = _NO_FUNCTIONS) -> Collaboration:
    """The executable processes of a BPMN 2.0 file in one of the two dialects.

    `functions` are those that its FEEL may call beside the built-in ones. Raises `DeploymentRefused`, the author's
    mistake, with all problems at once; warnings alone do not refuse a file (`inspect_bpmn` gives them).
    """
    inspection = inspect_bpmn(data, file=file, functions=functions)
    if inspection.collaboration is None:
        raise DeploymentRefused(problem for problem in inspection.problems if problem.severity == ERROR)
    return inspection.collaboration


def inspect_bpmn(data: bytes, *, file: str, functions: ExtraFunctions = _NO_FUNCTIONS) -> Inspection:
    """As `read_bpmn`, with the warnings, and without raising: for editors and for the page that draws the problems."""
    try:
        root = parse_xml(data, file=file)
    except XmlRefused as refused:
        return Inspection(None, (refused.problem,))
    report = Report(file)
    if _is_readable(root, report):
        dialect = reader_of(root)
        survey(root, report, dialect.WORDS)
        _unique_ids(root, report)
        collaboration = _collaboration(root, report, dialect, functions)
    else:
        collaboration = None
    return Inspection(None if report.errors else collaboration, report.problems)


def read_deployed(data: bytes, *, file: str, functions: ExtraFunctions = _NO_FUNCTIONS) -> Collaboration:
    """A file that was accepted once, read again without being judged anew.

    What runs must open with every later release, so a rule that was added since cannot refuse it. Raises
    `DeploymentRefused` only for what cannot be read at all.
    """
    try:
        root = parse_xml(data, file=file)
    except XmlRefused as refused:
        raise DeploymentRefused([refused.problem]) from None
    report = Report(file)
    collaboration = _read(_reading(root, report, reader_of(root), functions), root)
    if unreadable := [problem for problem in report.errors if problem.rule in _UNREADABLE]:
        raise DeploymentRefused(unreadable)
    return collaboration


# -- the file ----------------------------------------------------------------------------------------------------------
def _is_readable(root: Node, report: Report) -> bool:
    if split(root.tag) != (BPMN, "definitions"):
        report.refuse(
            "not-bpmn",
            root,
            f"不是 BPMN 2.0 文件:根元素是“{root.tag}”,应为 BPMN 的 definitions。",
            f"This is not a BPMN 2.0 file: its root is '{root.tag}' and not BPMN's definitions.",
        )
        return False
    if not dialects.check(root, report):
        return False
    if not any(is_executable(process) for process in children(root, "process")):
        report.refuse(
            "no-executable-process",
            root,
            "文件中没有可执行的流程。请在 Modeler 中勾选流程的“Executable”。",
            "The file has no executable process. Tick 'Executable' on the process in the Modeler.",
        )
        return False
    drawn = sum(1 for _ in root.iter(*(f"{{{BPMN}}}{tag}" for tag in (*_KINDS, "sequenceFlow"))))
    if drawn > FLOW_ELEMENTS:
        report.refuse(
            "too-many-elements",
            root,
            f"图中有 {drawn:,} 个元素与顺序流,超过上限 {FLOW_ELEMENTS:,}。",
            f"The diagram has {drawn:,} elements and flows, more than the limit of {FLOW_ELEMENTS:,}.",
        )
        return False
    return True


def _unique_ids(root: Node, report: Report) -> None:
    """Ids are unique in the whole file, the drawing included (XML Schema `ID`), and fit into columns and addresses."""
    first: dict[str, Node] = {}
    for node in root.iter(f"{{{BPMN}}}*", f"{{{BPMN_DI}}}*"):
        identifier = node.get("id")
        if identifier is None:
            continue
        if len(identifier) > ID_CHARACTERS or not identifier.strip():
            report.refuse(
                "id",
                node,
                f"编号为空或超过 {ID_CHARACTERS} 个字符。",
                f"The id is empty or has more than {ID_CHARACTERS} characters.",
            )
        elif identifier in first:
            both = local(node) == local(first[identifier]) == "process"
            report.refuse(
                "duplicate-id",
                node,
                f"{'两个流程' if both else '两个元素'}的编号都是“{identifier}”(另一个在第 {line_of(first[identifier])} 行)。",
                f"Two {'processes' if both else 'elements'} have the id '{identifier}' (the other is in line "
                f"{line_of(first[identifier])}).",
            )
        first.setdefault(identifier, node)


def _collaboration(root: Node, report: Report, dialect: DialectReader, functions: ExtraFunctions) -> Collaboration:
    reading = _reading(root, report, dialect, functions)
    collaboration = _read(reading, root)
    consistency.check(reading, root, {process.id: process for process in collaboration.processes})
    for process in collaboration.processes:
        rules.check(process, report)
    return collaboration


def _reading(root: Node, report: Report, dialect: DialectReader, functions: ExtraFunctions) -> Reading:
    return Reading(
        report=report,
        dialect=dialect,
        expressions=Expressions(dialect, functions),
        messages=_by_id(root, "message"),
        signals=_by_id(root, "signal"),
        errors=_by_id(root, "error"),
        escalations=_by_id(root, "escalation"),
        event_definitions=_by_id(root, *events.TRIGGERS),
        handlers=_handlers(root),
        ids={node.get("id", ""): node for node in root.iter(f"{{{BPMN}}}*") if node.get("id")},
    )


def _read(reading: Reading, root: Node) -> Collaboration:
    executable = [process for process in children(root, "process") if is_executable(process)]
    return Collaboration(
        processes=tuple(_process(reading, process) for process in executable if _has_id(reading, process)),
        target_platform=root.get(f"{{{MODELER}}}executionPlatform") or PLATFORM[reading.dialect.DIALECT],
        target_version=root.get(f"{{{MODELER}}}executionPlatformVersion"),
    )


def _by_id(root: Node, *tags: str) -> dict[str, Node]:
    return {node.get("id", ""): node for node in children(root, *tags)}


def _handlers(root: Node) -> dict[str, str]:
    """Compensation handlers: a boundary event is tied to its handler by an association (BPMN 2.0, 10.7.1)."""
    found: dict[str, str] = {}
    for node in root.iter(f"{{{BPMN}}}association"):
        source, target = (node.get("sourceRef") or "").strip(), (node.get("targetRef") or "").strip()
        found.setdefault(source, target)
    return found


def _has_id(reading: Reading, node: Node) -> bool:
    if node.get("id", "").strip():
        return True
    reading.report.refuse(
        "missing-id",
        node,
        f"“{chinese_name(local(node))}”没有编号(id)。",
        f"The {local(node)} has no id.",
    )
    return False


# -- processes and scopes ----------------------------------------------------------------------------------------------
def _process(reading: Reading, node: Node) -> ProcessModel:
    process_id = node.get("id", "")
    nodes: dict[str, tuple[Node, ElementKind, str]] = {}
    flow_nodes: list[Node] = []
    _collect(reading, node, process_id, nodes, flow_nodes)
    flows = _flows(reading, node, flow_nodes)
    incoming: defaultdict[str, list[str]] = defaultdict(list)
    outgoing: defaultdict[str, list[str]] = defaultdict(list)
    for flow in flows.values():
        incoming[flow.target].append(flow.id)
        outgoing[flow.source].append(flow.id)
    starting = {
        flow.target
        for flow in flows.values()
        if flow.source in nodes and nodes[flow.source][1] is ElementKind.EVENT_BASED_GATEWAY
        and nodes[flow.source][0].get("instantiate") == "true"
    }  # fmt: skip
    elements = {
        element_id: read_element(
            reading,
            element,
            kind,
            scope,
            starts_process=element_id in starting or (kind is ElementKind.START_EVENT and scope == process_id),
        )
        for element_id, (element, kind, scope) in nodes.items()
    }
    return ProcessModel(
        id=process_id,
        name=name_of(reading, node),
        version_tag=reading.dialect.version_tag(reading, node),
        line=line_of(node) or 0,
        elements={
            element.id: replace(element, incoming=tuple(incoming[element.id]), outgoing=tuple(outgoing[element.id]))
            for element in elements.values()
        },
        flows=flows,
        documentation=documentation_of(node),
        properties=reading.dialect.properties(reading, node),
        listeners=reading.dialect.listeners(reading, node),
        dialect=reading.dialect.DIALECT,
    )


def _collect(
    reading: Reading,
    scope: Node,
    scope_id: str,
    nodes: dict[str, tuple[Node, ElementKind, str]],
    flows: list[Node],
) -> None:
    """Every flow node and every flow below a scope, in document order."""
    for child in children(scope):
        tag = local(child)
        if tag == "sequenceFlow":
            flows.append(child)
        elif tag in _KINDS and _has_id(reading, child):
            kind = _KINDS[tag]
            if kind is ElementKind.SUB_PROCESS and child.get("triggeredByEvent", "false").strip() in {"true", "1"}:
                kind = ElementKind.EVENT_SUB_PROCESS
            nodes.setdefault(child.get("id", ""), (child, kind, scope_id))
            if kind in SUB_PROCESSES or kind is ElementKind.EVENT_SUB_PROCESS:
                _collect(reading, child, child.get("id", ""), nodes, flows)


def _flows(reading: Reading, process: Node, nodes: list[Node]) -> dict[str, Flow]:
    inside = {node.get("id", ""): node for node in process.iter(f"{{{BPMN}}}*")}
    flows: dict[str, Flow] = {}
    names = _FlowNames(reading.ids)
    for node in nodes:
        source, target = (node.get("sourceRef") or "").strip(), (node.get("targetRef") or "").strip()
        ends = [
            _flow_end(reading, node, inside, "sourceRef", source),
            _flow_end(reading, node, inside, "targetRef", target),
        ]
        if not all(ends):
            continue
        conditions = children(node, "conditionExpression")
        text = comments_removed(conditions[0]) if conditions else ""
        if conditions and not text:
            reading.report.refuse("condition", node, "顺序流的条件是空的。", "The condition of the flow is empty.")
        flow_id = node.get("id") or names.new(source, target)
        flows.setdefault(
            flow_id,
            Flow(
                id=flow_id,
                name=name_of(reading, node),
                source=source,
                target=target,
                condition=expression(reading, conditions[0], text, "顺序流的条件", "The condition of the flow")
                if text
                else None,
                line=line_of(node) or 0,
                scripts=reading.dialect.taken(reading, node),
            ),
        )
    return flows


def _flow_end(reading: Reading, flow: Node, inside: Mapping[str, Node], attribute: str, reference: str) -> bool:
    if not reference:
        reading.report.refuse(
            "undefined-reference", flow, f"顺序流缺少 {attribute}。", f"The sequence flow has no {attribute}."
        )
        return False
    if reference in inside:
        if not consistency.is_connectable(inside[reference]):
            reading.report.refuse(
                "flow-end",
                flow,
                f"顺序流不能连接“{chinese_name(local(inside[reference]))}”。",
                f"A sequence flow cannot be connected with a {local(inside[reference])}.",
            )
            return False
        return True
    if reference in reading.ids:
        reading.report.refuse(
            "flow-scope",
            flow,
            f"顺序流连到了另一个流程中的“{reference}”;流程之间只能用消息流。",
            f"The sequence flow connects to '{reference}' of another process; between processes there are message flows.",
        )
    else:
        reading.report.refuse(
            "undefined-reference",
            flow,
            f"顺序流的 {attribute} 所指的元素“{reference}”在文件中没有定义。",
            f"The element '{reference}' that {attribute} of the flow refers to is not defined in the file.",
        )
    return False


class _FlowNames:
    """Ids for flows that have none (legal BPMN): the same for the same file, so that a stored state can name them."""

    def __init__(self, taken: Collection[str]) -> None:
        self._taken = taken
        self._given: Counter[str] = Counter()

    def new(self, source: str, target: str) -> str:
        wanted = f"{source}-{target}"
        while True:
            self._given[wanted] += 1
            name = f"{wanted}-{self._given[wanted]}"
            if name not in self._taken:
                return name
