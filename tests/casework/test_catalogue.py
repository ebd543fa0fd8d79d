"""Words of a diagram that nobody carries out are refused at deployment, at their element."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from casework import administration, catalogue
from casework.catalogue import JOBS, Words
from casework.law.calendar import FUNCTIONS
from casework.model.people import OfficeKind
from casework.people.organisation import Post
from casework.steps import STEPS
from engine.model import Resource
from engine.parsing.bpmn import read_bpmn

ROOT = Path(__file__).resolve().parents[2]
CODE = Path(catalogue.__file__).read_text("utf-8")
KNOWN = Words(
    posts={"case-handler": Post("case-handler", "", "", (OfficeKind.TOWNSHIP,)), "grid-worker": Post("grid-worker", "", "", (OfficeKind.VILLAGE,))},
    clocks=frozenset({"urgentAid"}), ledgers=frozenset({"L13"}), letters=frozenset({"N13"}), texts=frozenset({"hello"}),
)  # fmt: skip

FILE = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  xmlns:modeler="http://camunda.org/schema/modeler/1.0" modeler:executionPlatform="Camunda Cloud"
  modeler:executionPlatformVersion="8.9.0" id="d" targetNamespace="t">
  <bpmn:process id="p" isExecutable="true">{process}
    <bpmn:startEvent id="start"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    {element}
    <bpmn:endEvent id="end"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="x"/><bpmn:sequenceFlow id="f2" sourceRef="x" targetRef="end"/>
  </bpmn:process>
</bpmn:definitions>"""


def properties(**values: str) -> str:
    return "<zeebe:properties>" + "".join(f'<zeebe:property name="{name}" value="{value}"/>' for name, value in values.items()) + "</zeebe:properties>"


def service(kind: str, inputs: str = "", **headers: str) -> str:
    listed = "".join(f'<zeebe:header key="{key}" value="{value}"/>' for key, value in headers.items())
    mapping = "".join(f'<zeebe:input source="=1" target="{name}"/>' for name in inputs.split())
    inner = (f"<zeebe:taskHeaders>{listed}</zeebe:taskHeaders>" if listed else "") + (f"<zeebe:ioMapping>{mapping}</zeebe:ioMapping>" if mapping else "")
    return f"""<bpmn:serviceTask id="x"><bpmn:extensionElements><zeebe:taskDefinition type="{kind}"/>{inner}</bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:serviceTask>"""


def task(groups: str = "case-handler", **values: str) -> str:
    return f"""<bpmn:userTask id="x"><bpmn:extensionElements><zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="{groups}"/>
      {properties(**values) if values else ""}</bpmn:extensionElements><bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:userTask>"""


def found(element: str, process: str = "", known: Words = KNOWN) -> list[tuple[str, Any]]:
    resource = Resource("p.bpmn", FILE.format(element=element, process=process).encode())
    file = read_bpmn(resource.content, file=resource.name, functions=FUNCTIONS)
    return [(problem.rule, problem.element_id) for problem in catalogue.rule(known)(file, resource)]


@pytest.mark.parametrize(
    ("element", "rule"),
    [
        (service("clock.strat", clock="urgentAid"), "job-known"),
        (service("clock.step"), "job-known"),
        (service("clock.start"), "job-words"),
        (service("clock.start", clock="urgentAid", clok="x"), "job-words"),
        (service("clock.start", clock="urgnetAid"), "clock-known"),
        (service("ledger.add", ledger="L99"), "ledger-known"),
        (service("ledger.count", ledger="L13", state="lost"), "job-words"),
        (service("letter.issue", "data", letter="N99"), "letter-known"),
        (service("letter.issue", letter="N13"), "job-words"),
        (service("notify", "posts", text="hallo", channel="sms"), "text-known"),
        (service("notify", "posts", text="hello", channel="pigeon"), "job-words"),
        (task("casehandler"), "post-known"),
        (task("case-handler,grid"), "post-known"),
        (task(notBy="P04-S99"), "four-eyes"),
        (task(recusal="vist"), "recusal-stage"),
        (task("grid-worker", recusal="approval"), "village-post"),
        (task(clock="urgent"), "clock-known"),
        (task(clock="urgentAid", edge="soon"), "clock-edge"),
        (task(notBuy="start"), "property-known"),
    ],
)
def test_a_word_that_nobody_carries_out_is_refused_at_its_element(element: str, rule: str) -> None:
    assert found(element) == [(rule, "x")]


@pytest.mark.parametrize(
    "element",
    [
        service("clock.start", clock="urgentAid"), service("clock.stop", clock="all"), service("ledger.add", "ledger"),
        service("payment-gateway:transfer"), service("sap.post", anything="goes"), task("case-handler:housing"), task("=[post]"),
        task("grid-worker", recusal="visit"), task(clock="=paper.clock", edge="due", clause="LZ-I1", notBy="start", title="=name"),
    ],
)  # fmt: skip
def test_a_word_of_the_tables_or_of_an_outside_program_passes(element: str) -> None:
    assert found(element) == []


def test_a_process_is_started_by_posts_that_exist() -> None:
    process = f"<bpmn:extensionElements>{properties(startBy='case-handler,casehandler', clockCodes='urgentAid,dept', startby='x')}</bpmn:extensionElements>"

    assert sorted(found(task(), process)) == [("clock-known", "p"), ("post-known", "p"), ("property-known", "p")]


def test_without_tables_only_what_the_catalogue_itself_knows_is_judged() -> None:
    assert found(task("nobody", clock="never"), known=Words()) == []
    assert found(service("clock.strat"), known=Words()) == [("job-known", "x")]


def test_every_job_type_that_is_offered_is_carried_out_and_the_other_way_round() -> None:
    assert JOBS.keys() == STEPS.keys()


def test_the_page_for_designers_lists_every_job_type_property_and_check() -> None:
    page = (ROOT / "docs" / "catalogue.md").read_text("utf-8")
    rules = set(re.findall(r"[a-z]+-[a-z]+", " ".join(re.findall(r'(?:_problem|_code)\(\s*element, "([a-z-]+)"', CODE))))
    properties = catalogue.PROCESS_PROPERTIES | catalogue.USER_TASK | catalogue.START_EVENT | catalogue.END_EVENT | catalogue.ANYWHERE

    assert len(rules) >= 10
    assert [word for word in sorted({*JOBS, *rules, *properties}) if f"`{word}`" not in page] == []


def test_the_shipped_files_pass_their_own_catalogue() -> None:
    resources = administration.shipped()
    tables = {one.name: catalogue.check_table(one) for one in resources if one.name.endswith(".yaml")}
    templates = {one.name: catalogue.check_template(one) for one in resources if one.name.endswith(".typ")}

    assert [problem for problems in (*tables.values(), *templates.values()) for problem in problems] == []
    assert len(tables) >= 8


BOMB = b"a0: &a0 [x, x]\n" + b"".join(b"a%d: &a%d [*a%d, *a%d]\n" % (n, n, n - 1, n - 1) for n in range(1, 30)) + b"ledgers: []"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ledgrs.yaml", b"ledgers: []"), ("ledgers.yaml", b"ledgers: {"), ("posts.yaml", b"posts: [{code: a, zh: a, en: a, tier: moon}]"),
        ("texts.yaml", b"texts: [{id: a, zh: '{x}', en: ''}]"), ("letters.yaml", b"letters: [{code: N1, zh: a, en: a, number: '{nr}', fields: []}]"),
        ("letters.yaml", b"letters: [{code: N1, zh: a, en: a, number: '{seq}', fields: [{key: idNumber}], forbidden: [idNumber]}]"),
        ("archives.yaml", b"records: [{recordClass: a, items: [{item: a, kind: paper, source: dream}]}]"),
        ("archives.yaml", b"records: [{recordClass: a, items: [{item: a, kind: paper, source: start, when: 'x >'}]}]"),
        ("grounds.yaml", b"grounds: [{code: a, effect: freeze}]"), ("ledgers.yaml", b"\xff\xfe"),
        ("ledgers.yaml", BOMB),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_meant_is_refused(name: str, content: bytes) -> None:
    assert len(catalogue.check_table(Resource(name, content))) == 1


@pytest.mark.parametrize(
    ("properties", "rules"),
    [
        ({"rule": "=x > 1"}, ["field-rule"]), ({"mask": "M-NONE"}, ["field-mask"]),
        ({"widget": "map"}, ["field-widget"]),
        ({"rule": "=count workdays(today(), date(x)) <= 10", "ruleText": "不对", "mask": "M-ID", "widget": "signature", "basis": "LZ-I1"}, []),
    ],
)  # fmt: skip
def test_custom_properties_of_a_field_are_judged(properties: Any, rules: list[str]) -> None:
    inner = {"type": "textfield", "id": "f", "key": "x", "label": "x", "properties": properties}
    form = {"type": "default", "id": "form", "schemaVersion": 19, "components": [{"type": "group", "id": "g", "components": [inner]}]}

    found = catalogue.form_problems(Resource("x.form", json.dumps(form).encode()))

    assert [(problem.rule, problem.element_id) for problem in found] == [(rule, "f") for rule in rules]


def test_the_shipped_forms_have_rules_masks_and_widgets_that_exist() -> None:
    shipped = [one for one in administration.shipped() if one.name.endswith(".form")]

    assert [str(problem) for one in shipped for problem in catalogue.form_problems(one)] == []
    assert len(shipped) >= 20


@pytest.mark.parametrize(
    "content",
    [b'#import "@preview/x:1.0.0"', b'#image("/etc/passwd")', b'#read("x")', b"\xff", b'#include "../x.typ"', b'#plugin("x.wasm")', b'#json("x")'],
)
def test_a_template_reads_no_file_and_no_package(content: bytes) -> None:
    assert catalogue.check_template(Resource("N1.typ", content))
