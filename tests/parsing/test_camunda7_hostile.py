"""Whatever stands in an attribute or element of the dialect, a file is read or refused by name; nothing else comes out."""

from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.parsing.bpmn import inspect_bpmn, read_deployed
from engine.parsing.camunda7_words import CAMUNDA_7_WORDS as WORDS
from tests.parsing.camunda7_files import file

VALUES = [
    "", " ", "x", "a,b", ",", "${", "${}", "${a}", "#{a.b[0]}", "${bean.call(x)}", "${execution.setVariable('v', 1)}", "a ${b} c", "external",
    "version", "versionTag", "deployment", "all", "true", "-1", "1", "P1D", "2026-13-40", "embedded:x", "x" * 3_000, "户主", "\u2028", "a b",
]  # fmt: skip
TAGS = sorted({*WORDS.attributes, *WORDS.extensions} - {"definitions", "process", "error"})
OUTSIDE = '<bpmn:message id="m" name="m"/><bpmn:signal id="s" name="s"/><bpmn:error id="e" errorCode="e"/>'
EVENTS = {
    "messageEventDefinition": 'messageRef="m"',
    "signalEventDefinition": 'signalRef="s"',
    "errorEventDefinition": 'errorRef="e"',
}

texts = st.one_of(
    st.sampled_from(VALUES), st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20)
)


def placed(tag: str, attributes: str, inner: str) -> str:
    """An element of this kind where it may stand, with a way to it."""
    extension = f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>"
    if tag.endswith("EventDefinition"):
        return placed(
            "endEvent",
            "",
            f"</bpmn:extensionElements><bpmn:{tag} {EVENTS.get(tag, '')} {attributes}>{extension}</bpmn:{tag}><bpmn:extensionElements>",
        )
    if tag == "multiInstanceLoopCharacteristics":
        return placed(
            "userTask",
            "",
            f"</bpmn:extensionElements><bpmn:{tag} {attributes}>{extension}</bpmn:{tag}><bpmn:extensionElements>",
        )
    return (
        f'<bpmn:startEvent id="s0"/><bpmn:{tag} id="a" {attributes}>{extension}</bpmn:{tag}>'
        '<bpmn:sequenceFlow id="f0" sourceRef="s0" targetRef="a"/>'
    )


def is_answered(body: str) -> bool:
    """Read, or refused with sentences; what was read can be opened again."""
    data = file(body, outside=OUTSIDE)
    found = inspect_bpmn(data, file="x.bpmn")
    if found.collaboration is not None:
        read_deployed(data, file="x.bpmn")
    return found.collaboration is not None or all(
        problem.zh and problem.en and problem.rule for problem in found.problems
    )


@pytest.mark.parametrize("tag", TAGS)
@given(st.data())
@settings(max_examples=30, deadline=None)
def test_any_value_of_an_attribute_is_answered(tag: str, data: st.DataObject) -> None:
    names = sorted(WORDS.attributes.get(tag, frozenset()) | WORDS.everywhere)
    chosen = data.draw(st.dictionaries(st.sampled_from(names), texts, max_size=4))
    attributes = " ".join(f"camunda:{name}={quoteattr(value)}" for name, value in chosen.items())

    assert is_answered(placed(tag, attributes, ""))


@st.composite
def extension(draw: st.DrawFn, name: str, depth: int = 3) -> str:
    """An extension element with attributes and children that its table allows, filled with anything."""
    known = WORDS.tags[name]
    chosen = (
        draw(st.dictionaries(st.sampled_from(sorted(known.attributes)), texts, max_size=3)) if known.attributes else {}
    )
    attributes = " ".join(f"{attribute}={quoteattr(value)}" for attribute, value in chosen.items())
    below = sorted(known.children & WORDS.tags.keys())
    inner = draw(st.lists(st.sampled_from(below), max_size=2)) if below and depth else []
    text = "" if inner else draw(texts).replace("&", "").replace("<", "").replace("]]>", "")
    return f"<camunda:{name} {attributes}>{''.join(draw(extension(child, depth - 1)) for child in inner)}{text}</camunda:{name}>"


@pytest.mark.parametrize("tag", TAGS)
@given(st.data())
@settings(max_examples=30, deadline=None)
def test_any_extension_element_is_answered(tag: str, data: st.DataObject) -> None:
    names = sorted(WORDS.extensions.get(tag, frozenset({"properties"})))
    chosen = data.draw(st.lists(st.sampled_from(names), max_size=2))

    assert is_answered(placed(tag, "", "".join(data.draw(extension(name)) for name in chosen)))
