"""Element templates: what the Modeler offers is in its schema, says what the catalogue says, and deploys once it is filled in."""

import json
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest

from casework import catalogue, templates
from casework.administration import SHIPPED
from commands import modeler
from commands.__main__ import main
from engine.model import Resource
from engine.parsing.bpmn import inspect_bpmn, read_bpmn
from tests.modeler import node
from tests.parsing.test_rule_pages import DEFINITIONS
from tests.sources import ROOT

FOLDER = ROOT / "processes" / ".camunda" / "element-templates"
TABLES = templates.read_tables(SHIPPED)
EIGHT, SEVEN = templates.camunda_8(TABLES), templates.camunda_7(TABLES)
KNOWN = catalogue.Words(**{name: frozenset(code.value for code in TABLES[name]) for name in ("clocks", "ledgers", "letters", "texts")})
PROPERTIES = {
    "procedure": catalogue.PROCESS_PROPERTIES - {"descriptionEn"}, "outcome": catalogue.END_EVENT, "timer": catalogue.TIMED,
    "operation": catalogue.START_EVENT - catalogue.TIMED, "user-task": catalogue.USER_TASK - {"edge", "assign"},
}  # fmt: skip


def test_the_files_in_the_repository_are_what_the_catalogue_and_the_tables_make() -> None:
    made = modeler.element_templates()

    assert {name: (FOLDER / name).read_text("utf-8") for name in made} == made


def test_the_official_schemas_accept_every_template_and_refuse_a_broken_one() -> None:
    assert node.run("validate.cjs", asked={"8": EIGHT, "7": SEVEN}) == {"8": [], "7": []}

    broken = [{**EIGHT[0], "properties": [{"type": "Dropdown", "binding": {"type": "zeebe:input"}}]}]
    assert len(node.run("validate.cjs", asked={"8": broken, "7": []})["8"]) == 1


@pytest.mark.parametrize("found", [EIGHT, SEVEN], ids=["camunda 8", "camunda 7"])
def test_every_job_type_has_a_template_and_no_template_another_type(found: list[dict[str, Any]]) -> None:
    types = [each["value"] for template in found for each in template["properties"]
             if each["binding"] in ({"type": "zeebe:taskDefinition", "property": "type"}, {"type": "property", "name": "camunda:topic"})]  # fmt: skip

    assert sorted(types) == sorted(name for name, words in catalogue.JOBS.items() if not words.listener)
    assert len({template["id"] for template in found}) == len(found)


@pytest.mark.parametrize("name", PROPERTIES)
def test_a_template_of_a_drawn_element_offers_the_properties_that_mean_something_there(name: str) -> None:
    (template,) = [each for each in EIGHT if each["id"] == f"yimen.{name}"]
    offered = {each["binding"]["name"] for each in template["properties"] if each["binding"]["type"] == "zeebe:property"}

    assert offered - catalogue.ANYWHERE == PROPERTIES[name] - catalogue.ANYWHERE


# ---- filled in


def sample(field: dict[str, Any]) -> str:
    """What a designer might write into a field."""
    if "value" in field:
        return str(field["value"])
    if field.get("type") == "Dropdown":
        return str(next(choice["value"] for choice in field["choices"] if choice["value"]))
    if field["binding"].get("name") in {"mainClock", "clockCodes"}:
        return TABLES["clocks"][0].value
    return "=1" if field.get("feel") == "required" else "word"


def text(field: dict[str, Any]) -> str:
    return quoteattr(sample(field))


ENTRIES: dict[str, tuple[str, Any]] = {
    "zeebe:input": ("zeebe:ioMapping", lambda f: f'<zeebe:input source={text(f)} target="{f["binding"]["name"]}" />'),
    "zeebe:output": ("zeebe:ioMapping", lambda f: f'<zeebe:output source={quoteattr(f["binding"]["source"])} target="result" />'),
    "zeebe:taskHeader": ("zeebe:taskHeaders", lambda f: f'<zeebe:header key="{f["binding"]["key"]}" value={text(f)} />'),
    "zeebe:property": ("zeebe:properties", lambda f: f'<zeebe:property name="{f["binding"]["name"]}" value={text(f)} />'),
    "zeebe:executionListener": (
        "zeebe:executionListeners",
        lambda f: f'<zeebe:executionListener eventType="{f["binding"]["eventType"]}" type={text(f)} />',
    ),
    "camunda:inputParameter": (
        "camunda:inputOutput",
        lambda f: f'<camunda:inputParameter name="{f["binding"]["name"]}">{sample(f)}</camunda:inputParameter>',
    ),
}
"""What a binding writes, and inside which extension element."""


def entries_of(fields: list[dict[str, Any]]) -> dict[str, list[str]]:
    """The entries of each list-like extension element."""
    found: dict[str, list[str]] = {holder: [] for holder, _ in ENTRIES.values()}
    for field in fields:
        if field["binding"]["type"] in ENTRIES:
            holder, write = ENTRIES[field["binding"]["type"]]
            found[holder].append(write(field))
    return found


def applied(template: dict[str, Any], *, everything: bool) -> str:
    """A diagram with the element as the Modeler writes it; with the fields that must be filled in, or with all of them."""
    fields = [field for field in template["properties"] if everything or not field.get("optional")]
    attributes = "".join(f" {f['binding']['name']}={text(f)}" for f in fields if f["binding"]["type"] == "property")
    inside = "".join(f"<{holder}>{''.join(entries)}</{holder}>" for holder, entries in entries_of(fields).items() if entries)
    single: dict[str, str] = {}
    for field in fields:
        kind, name = field["binding"]["type"], field["binding"].get("property")
        if kind.startswith("zeebe:") and kind not in ENTRIES:
            single[kind] = single.get(kind, "") + (f" {name}={text(field)}" if name else "")
    inside += "".join(f"<{kind}{words} />" for kind, words in single.items())
    extension = f"<bpmn:extensionElements>{inside}</bpmn:extensionElements>"
    kind = template.get("elementType", {}).get("value") or template["appliesTo"][0]
    name = kind.split(":")[1][0].lower() + kind.split(":")[1][1:]
    trigger = "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
    element = f'<bpmn:{name} id="x"{attributes}>{extension}{trigger if name == "intermediateCatchEvent" else ""}</bpmn:{name}>'
    if name == "process":
        return DEFINITIONS.format(f'<bpmn:process id="p" isExecutable="true">{extension}<bpmn:task id="a" /></bpmn:process>')
    around = {
        "startEvent": f'{element}<bpmn:task id="a" /><bpmn:sequenceFlow id="f" sourceRef="x" targetRef="a" />',
        "endEvent": f'<bpmn:startEvent id="a" />{element}<bpmn:sequenceFlow id="f" sourceRef="a" targetRef="x" />',
        "intermediateCatchEvent": f'<bpmn:startEvent id="a" />{element}<bpmn:endEvent id="b" />'
        '<bpmn:sequenceFlow id="f" sourceRef="a" targetRef="x" /><bpmn:sequenceFlow id="g" sourceRef="x" targetRef="b" />',
    }
    return DEFINITIONS.format(f'<bpmn:process id="p" isExecutable="true">{around.get(name, element)}</bpmn:process>')


@pytest.mark.parametrize("everything", [False, True], ids=["what must be", "everything"])
@pytest.mark.parametrize("template", [*EIGHT, *SEVEN], ids=lambda template: template["id"])
def test_an_element_made_from_a_template_deploys(template: dict[str, Any], everything: bool) -> None:
    xml = applied(template, everything=everything)
    four_eyes = {"four-eyes"} if everything else set()  # "word" is no step of this diagram

    assert [str(problem) for problem in inspect_bpmn(xml.encode(), file="made.bpmn").problems] == []
    broken = {problem.rule for problem in catalogue.rule(KNOWN)(read_bpmn(xml.encode(), file="made.bpmn"), Resource("made.bpmn", b""))}
    assert broken <= four_eyes


# ---- the command


def test_the_command_writes_templates_from_an_installations_own_tables(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "clocks.yaml").write_text("clocks:\n  - {code: mine, zh: 我区时限}\n", "utf-8")

    assert main(["modeler", "templates", str(tmp_path / "out"), "--tables", str(tmp_path / "tables")]) == 0

    written = json.loads((tmp_path / "out" / "camunda-8.json").read_text("utf-8"))
    (start,) = [template for template in written if template["id"] == "yimen.clock.start"]
    assert {"name": "我区时限 (mine)", "value": "mine"} in [choice for field in start["properties"] for choice in field.get("choices", [])]


def test_the_command_writes_the_plug_in(tmp_path: Path) -> None:
    assert main(["modeler", "plugin", str(tmp_path / "plugin")]) == 0

    assert sorted(file.name for file in (tmp_path / "plugin").iterdir()) == ["client.js", "index.js"]


def test_a_table_that_cannot_be_read_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "clocks.yaml").write_text("clocks: 1\n", "utf-8")

    assert main(["modeler", "templates", str(tmp_path / "out"), "--tables", str(tmp_path)]) == 2
    assert "clocks" in capsys.readouterr().err
