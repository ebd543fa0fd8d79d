"""Every condition of the public corpus evaluates to true and to false, or is refused with its place. Read at test time."""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from lxml import etree

from engine.feel import FeelSyntaxError
from engine.juel import JuelError, JuelExpression, compile_juel
from tests.feel.moment import NOW
from tests.sources import SUITES

CONDITION = "{http://www.omg.org/spec/BPMN/20100524/MODEL}conditionExpression"
CORPUS = SUITES / "corpus"

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here (YIMEN_SUITES)"),
]


def conditions() -> list[str]:
    """The conditions in JUEL, each once."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    found: set[str] = set()
    for file in sorted(CORPUS.rglob("*.bpmn")):
        for element in etree.parse(str(file), parser).iter(CONDITION):
            text = (element.text or "").strip()
            if text.startswith(("${", "#{")):
                found.add(text)
    return sorted(found)


def answers(expression: JuelExpression) -> set[Any]:
    """What the condition says over variables of every kind and every value that it mentions."""
    written = [text.strip("'\"") for text in re.findall(r"'[^']*'|\"[^\"]*\"", expression.source)]
    numbers = [
        number for text in re.findall(r"\d+", expression.source) for number in (int(text) - 1, int(text), int(text) + 1)
    ]
    scalars: list[Any] = [True, False, "", *written, *numbers]
    words = set(re.findall(r"\w+", expression.source))
    nested: Iterator[dict[str, Any]] = ({word: dict.fromkeys(words, each) for word in words} for each in scalars)
    flat: Iterator[dict[str, Any]] = (dict.fromkeys(words, each) for each in scalars)
    values: list[Any] = [*scalars, scalars, *nested, *flat]
    names = sorted(name for name in expression.names if not name.startswith("#"))
    several = product(values, repeat=len(names)) if len(names) < 3 else product(scalars, repeat=len(names))
    found: set[Any] = set()
    for given in several:
        try:
            answer = expression.evaluate(dict(zip(names, given, strict=True)), now=NOW)
        except JuelError:
            continue
        if isinstance(answer, bool):
            found.add(answer)
        if found == {True, False}:
            break
    return found


def compiled(source: str) -> JuelExpression | FeelSyntaxError:
    try:
        return compile_juel(source)
    except FeelSyntaxError as refused:
        return refused


@pytest.mark.parametrize("source", conditions() if CORPUS.is_dir() else [])
def test_a_condition_of_the_corpus_evaluates_or_is_refused_with_its_place(source: str) -> None:
    found = compiled(source)

    if isinstance(found, FeelSyntaxError):
        assert 0 <= found.position <= len(source)
    else:
        assert answers(found) == ({True, False} if found.names else {True})


def test_every_condition_of_the_corpus_is_carried_out() -> None:
    assert len(conditions()) > 70
    assert [source for source in conditions() if isinstance(compiled(source), FeelSyntaxError)] == []
