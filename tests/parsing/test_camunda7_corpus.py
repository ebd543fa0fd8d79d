"""Expressions of public models that we did not draw: each evaluates, or is refused with its place in the text."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from lxml import etree

from engine.feel import FeelError, FeelSyntaxError
from engine.juel import JuelExpression, compile_assignment, compile_juel, is_template
from tests.feel.moment import NOW
from tests.parsing.test_public_suites import SUITES

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(not SUITES.is_dir(), reason=f"the public suites are not beside the repository ({SUITES})"),
]
CORPUS = SUITES / "corpus"
CONDITIONS = {"conditionExpression", "condition", "completionCondition"}
# What a variable of a condition may hold; the first that the condition takes counts.
SAMPLES: tuple[Any, ...] = (True, 7, "x", {"age": 30}, [1])


def texts(*, conditions: bool) -> Iterator[str]:
    """Every text with an expression in it, of conditions or of everything else; scripts in other languages left out."""
    for path in sorted(CORPUS.rglob("*.bpmn")):
        for node in etree.parse(path).getroot().iter("*"):
            name = etree.QName(node).localname
            if conditions is not (name in CONDITIONS) or name == "script":
                continue
            written = [node.text or ""] if conditions else [node.text or "", *node.attrib.values()]
            yield from (text.strip() for text in written if is_template(text))


def evaluates(expression: JuelExpression) -> bool:
    """Whether some of the sample values give true or false."""
    for values in product(SAMPLES, repeat=len(expression.names)):
        try:
            found = expression.evaluate(dict(zip(sorted(expression.names), values, strict=True)), now=NOW)
        except FeelError:
            continue
        if isinstance(found, bool):
            return True
    return False


def judged(text: str) -> str:
    """`evaluates`, `refused` with a place, or what else became of a condition."""
    try:
        expression = compile_juel(text)
    except FeelSyntaxError as error:
        return "refused" if error.line and error.column and error.message_zh else f"no place: {text}"
    return "evaluates" if evaluates(expression) else f"no value: {text}"


def test_every_condition_of_the_corpus_evaluates_or_is_refused_with_its_place() -> None:
    found = [judged(text) for text in texts(conditions=True)]
    print(f"{len(found)} conditions: {found.count('evaluates')} evaluate, {found.count('refused')} are refused")

    assert set(found) <= {"evaluates", "refused"}
    assert found.count("evaluates") >= 120
    assert found.count("refused") == 0


def test_every_other_expression_of_the_corpus_is_read_or_refused_with_its_place() -> None:
    read, refused = 0, []
    for text in texts(conditions=False):
        try:
            if compile_assignment(text) is None:
                compile_juel(text)
            read += 1
        except FeelSyntaxError as error:
            refused.append((error.line, error.column, error.message_en, text))
    print(f"{read + len(refused)} other expressions: {read} are read, {len(refused)} are refused")

    assert all(line and column for line, column, _, _ in refused)
    assert {message for _, _, message, _ in refused if not message.endswith("use an external task")} == {
        "'task.setName(…)' is not carried out",
        "'task.execution' is not carried out",
    }
    assert read >= 215
