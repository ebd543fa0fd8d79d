"""What the shipped diagrams name must exist: forms, tables, posts, clocks, ledgers, letters, texts, step lengths."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.decisions import parse_decisions
from engine.parsing.bpmn import read_bpmn
from engine.parsing.forms import read_form
from tests.processes.files import BPMN, DECISIONS, DIAGRAMS, FORMS, ZEEBE, Node, fields_of, form_of, nodes_of, root_of
from tests.sources import ROOT

# The job types of casework; a start listener's type counts as one.
JOB_TYPES = {
    "policy.load", "case.register", "clock.start", "clock.stop", "notify", "ledger.add", "ledger.flag", "ledger.close",
    "ledger.count", "payment.payNow", "aid.register", "letter.issue", "notice.post", "archive.file", "archive.seal",
    "case.start", "task.assign", "case.count",
}  # fmt: skip
PROPERTIES = {
    "clause", "notBy", "recusal", "title", "titleEn", "clock", "edge", "allowed", "assign", "second", "startBy", "matter", "aidKind",
    "mainClock", "clockCodes", "nameEn", "description", "operation", "form", "post", "outcome",
}  # fmt: skip
CLAUSE = re.compile(r"(GC|LS|LZ|NG|TZ)-[A-Z]?\d+(\.\d+)*[a-z]?")
FORM_IDS = {file.stem for file in FORMS}
EVERY = [(diagram, node) for diagram in DIAGRAMS for node in nodes_of(diagram)]
every_node = pytest.mark.parametrize("node", [node for _, node in EVERY], ids=lambda node: node.id)
diagrams = pytest.mark.parametrize("diagram", DIAGRAMS, ids=lambda path: path.stem)


def _of_type(*job_types: str) -> list[Node]:
    return [node for _, node in EVERY if node.job_type in job_types]


@cache
def _table(name: str) -> Any:
    return yaml.safe_load((ROOT / "processes" / "policy" / f"{name}.yaml").read_text("utf-8"))


@cache
def _codes(name: str, listed: str, key: str = "code") -> frozenset[str]:
    return frozenset(row[key] for row in _table(name)[listed])


@cache
def _letters() -> dict[str, dict[str, Any]]:
    table = yaml.safe_load((ROOT / "letters" / "letters.yaml").read_text("utf-8"))
    return {row["code"]: row for row in [*table["letters"], *table["notices"]]}


def _texts_in(expression: str) -> set[str]:
    return set(re.findall(r'"([^"]*)"', expression))


@diagrams
def test_the_engine_reads_the_diagram_without_a_complaint(diagram: Path) -> None:
    collaboration = read_bpmn(diagram.read_bytes(), file=diagram.name)

    assert [process.id for process in collaboration.processes] == [diagram.stem]


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_the_engine_reads_the_form_and_its_id_is_its_file_name(form: Path) -> None:
    assert read_form(form.read_bytes(), file=form.name).form_id == form.stem


@every_node
def test_every_element_has_a_chinese_name_and_an_english_sentence(node: Node) -> None:
    silent = node.kind == "startEvent" and node.scope.startswith("P04-S")  # the start of a sub-process says nothing new
    merging = node.kind.endswith("Gateway") and len(node.element.findall(f"{BPMN}outgoing")) == 1
    splitting = node.kind == "parallelGateway"

    assert silent or merging or splitting or re.search("[\u4e00-\u9fff]", node.name)
    assert silent or node.kind in ("startEvent", "boundaryEvent", "endEvent") or node.documentation


@every_node
def test_every_property_is_known_and_every_clause_is_a_rule_id(node: Node) -> None:
    clauses = [clause for clause in node.properties.get("clause", "").split(",") if clause]

    assert node.properties.keys() <= PROPERTIES
    assert [clause for clause in clauses if not CLAUSE.fullmatch(clause)] == []


@pytest.mark.parametrize("node", [node for _, node in EVERY if node.kind == "userTask"], ids=lambda node: node.id)
def test_every_user_task_has_a_form_and_posts_that_exist(node: Node) -> None:
    posts = node.posts or ""
    named = _texts_in(posts) if posts.startswith("=") else set(posts.split(","))

    assert node.form in FORM_IDS
    assert posts
    assert named <= _codes("posts", "posts")


@pytest.mark.parametrize("node", [node for _, node in EVERY if node.kind == "userTask"], ids=lambda node: node.id)
def test_four_eyes_name_user_tasks_of_the_same_diagram(node: Node) -> None:
    tasks = {other.id for diagram, other in EVERY if other.kind == "userTask" and node in nodes_of(diagram)}

    assert {named for named in node.properties.get("notBy", "").split(",") if named} <= tasks


@pytest.mark.parametrize("node", [node for _, node in EVERY if "form" in node.properties], ids=lambda node: node.id)
def test_a_case_operation_names_a_form_and_posts_that_exist(node: Node) -> None:
    assert node.properties["form"] in FORM_IDS
    assert set(node.properties["post"].split(",")) <= _codes("posts", "posts")


@pytest.mark.parametrize("node", [node for _, node in EVERY if "title" in node.properties], ids=lambda node: node.id)
def test_a_title_from_data_has_an_english_one_beside_it(node: Node) -> None:
    assert node.properties["titleEn"].startswith("=")
    assert not re.search("[\u4e00-\u9fff]", node.properties["titleEn"])


@diagrams
def test_every_job_type_is_one_of_casework(diagram: Path) -> None:
    types = {node.job_type for node in nodes_of(diagram) if node.kind == "serviceTask"}
    listeners = {listener.get("type") for listener in root_of(diagram).iter(f"{ZEEBE}executionListener")}

    assert types <= JOB_TYPES
    assert listeners <= {"clock.step"}


@pytest.mark.parametrize("node", _of_type("notify"), ids=lambda node: node.id)
def test_a_notification_gives_every_field_that_its_text_shows(node: Node) -> None:
    text = next(row for row in _table("texts")["texts"] if row["id"] == node.headers["text"])
    given = set(re.findall(r"(\w+):", node.inputs.get("data", "")))

    assert text["fields"].keys() <= given
    assert _texts_in(node.inputs["posts"]) <= _codes("posts", "posts")
    assert node.headers["channel"] in {"inbox", "sms", "phone"}


@pytest.mark.parametrize(
    "node", _of_type("ledger.add", "ledger.flag", "ledger.close", "ledger.count"), ids=lambda node: node.id
)
def test_a_ledger_exists_and_has_the_columns_that_are_booked(node: Node) -> None:
    code = node.headers.get("ledger", "L03")
    ledger = next(row for row in _table("ledgers")["ledgers"] if row["code"] == code)
    entry = node.inputs.get("entry") or node.inputs.get("entries", "")
    booked = set(re.findall(r"[{,]\s*(\w+):", entry))

    assert booked <= {column["key"] for column in ledger["columns"]}


@pytest.mark.parametrize("node", _of_type("clock.start", "clock.stop"), ids=lambda node: node.id)
def test_a_clock_exists_and_is_announced_by_the_process(node: Node) -> None:
    diagram = next(diagram for diagram, other in EVERY if other is node)
    process = root_of(diagram).find(f"{BPMN}process")
    assert process is not None
    properties = process.iterfind(f"{BPMN}extensionElements/{ZEEBE}properties/{ZEEBE}property")
    announced = {one.get("name"): one.get("value") or "" for one in properties}["clockCodes"]

    assert node.headers["clock"] in _codes("clocks", "clocks")
    assert node.headers["clock"] in announced.split(",")


@pytest.mark.parametrize("node", _of_type("letter.issue", "notice.post"), ids=lambda node: node.id)
def test_a_letter_gets_only_what_it_may_carry_and_all_that_it_needs(node: Node) -> None:
    letter = _letters()[node.headers.get("letter") or node.headers["notice"]]
    given = set(re.findall(r"[{,]\s*(\w+):", node.inputs["data"]))
    own = {field["key"]: field for field in letter["fields"] if field["source"] == "data"}

    assert given <= own.keys()
    assert {key for key, field in own.items() if field.get("required")} <= given


@pytest.mark.parametrize("node", _of_type("case.start"), ids=lambda node: node.id)
def test_a_started_case_says_its_procedure_and_reason_and_has_a_cause(node: Node) -> None:
    given = set(re.findall(r"[{,]\s*(\w+):", node.inputs["data"]))

    assert {"procedureName", "reason"} <= given
    assert node.inputs["cause"]
    assert node.headers.get("process") or node.inputs.get("process")


@diagrams
def test_every_called_process_and_decision_is_shipped(diagram: Path) -> None:
    calls = {called.get("processId") for called in root_of(diagram).iter(f"{ZEEBE}calledElement")}
    decides = {called.get("decisionId") for called in root_of(diagram).iter(f"{ZEEBE}calledDecision")}
    shipped = {
        decision for file in DECISIONS for decision in parse_decisions(file.read_bytes(), functions={}).decisions
    }

    assert calls <= {other.stem for other in DIAGRAMS}
    assert decides <= shipped


@diagrams
def test_every_step_clock_has_its_length_in_the_policy_table(diagram: Path) -> None:
    waiting = {
        node.id
        for node in nodes_of(diagram)
        if node.element.find(f"{BPMN}extensionElements/{ZEEBE}executionListeners") is not None
    }
    lengths = {name.removeprefix("step:") for name in _codes("parameters", "parameters", "parameter")}

    assert waiting <= lengths


@diagrams
def test_no_limit_stands_in_a_timer_as_a_number(diagram: Path) -> None:
    timers = [
        timer.text or ""
        for timer in root_of(diagram).iter(f"{BPMN}timeDate", f"{BPMN}timeDuration", f"{BPMN}timeCycle")
    ]

    assert timers == [timer for timer in timers if timer.startswith("=") and "duration" not in timer]


@diagrams
def test_every_diverging_exclusive_gateway_has_a_default_flow(diagram: Path) -> None:
    diverging = [
        node
        for node in nodes_of(diagram)
        if node.kind == "exclusiveGateway" and len(node.element.findall(f"{BPMN}outgoing")) > 1
    ]

    assert [node.id for node in diverging if not node.element.get("default")] == []


@pytest.mark.parametrize("process", ["temporary-aid-urgent", "linked-case"])
def test_every_end_of_a_case_names_its_outcome(process: str) -> None:
    diagram = next(diagram for diagram in DIAGRAMS if diagram.stem == process)
    reminders = {"P04-S03-E"}
    ends = [node for node in nodes_of(diagram) if node.kind == "endEvent" and node.scope == process]

    assert {node.id for node in ends if "outcome" not in node.properties} <= reminders


def test_every_suggested_aid_can_be_shown_and_confirmed() -> None:
    table = next(file for file in DECISIONS if file.stem == "needs-assessment").read_text("utf-8")
    suggested = set(re.findall(r'_o1">\s*<text>"(\w+)"</text>', table))
    offered = {
        value["value"] for form in ("F22-needs", "F42-refusal") for field in fields_of(form_of(form)) if field.get("key") == "suggestedAid"
        for value in field["values"]
    }  # fmt: skip

    assert suggested
    assert suggested <= offered


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_every_field_has_both_languages_and_every_rule_its_sentence(form: Path) -> None:
    fields = fields_of(json.loads(form.read_text("utf-8")))

    assert [
        field["id"]
        for field in fields
        if not field["properties"].get("labelEn") and not field["properties"].get("textEn")
    ] == []
    assert [
        field["id"] for field in fields if field.get("description") and not field["properties"].get("descriptionEn")
    ] == []
    assert [
        field["id"]
        for field in fields
        if "rule" in field["properties"] and not {"ruleText", "ruleTextEn"} <= field["properties"].keys()
    ] == []


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_rows_of_a_form_fill_at_most_sixteen_columns(form: Path) -> None:
    rows: dict[str, int] = {}
    for field in fields_of(json.loads(form.read_text("utf-8"))):
        rows[field["layout"]["row"]] = rows.get(field["layout"]["row"], 0) + field["layout"]["columns"]

    assert {row: used for row, used in rows.items() if used > 16} == {}
