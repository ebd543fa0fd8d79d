"""Small DMN files for the tests, written by their parts."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from engine.decisions import DecisionModel, DecisionResult, parse_decisions

NOW = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)
NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def model(*elements: str, namespace: str = NAMESPACE) -> bytes:
    """A DMN file of these elements, each on a line of its own from line 2."""
    body = "\n".join(elements)
    return f'<definitions xmlns="{namespace}" id="m" name="M" namespace="urn:m">\n{body}\n</definitions>'.encode()


def text(source: str) -> str:
    return f"<text>{escape(source)}</text>"


def literal(source: str) -> str:
    """A literal expression."""
    return f"<literalExpression>{text(source)}</literalExpression>"


def decision(element_id: str, logic: str, *, requires: Sequence[str] = (), type_ref: str | None = None) -> str:
    """A decision named as its id; `requires` are ids, with a sign before those that are no decisions: <input, !knowledge; of another file, its namespace and # before it."""
    needs = "".join(_requirement(each) for each in requires)
    reference = f" typeRef={quoteattr(type_ref)}" if type_ref else ""
    variable = f'<variable name="{element_id}"{reference}/>'
    return f'<decision id="{element_id}" name="{element_id}">{variable}{needs}{logic}</decision>'


def _requirement(written: str) -> str:
    kind, part = {"<": ("information", "Input"), "!": ("knowledge", "Knowledge")}.get(
        written[0], ("information", "Decision")
    )
    reference = written.lstrip("<!")
    href = reference if "#" in reference else f"#{reference}"
    return f'<{kind}Requirement><required{part} href="{href}"/></{kind}Requirement>'


def given(name: str, type_ref: str = "Any") -> str:
    """Input data whose id is its name."""
    return f'<inputData id="{name}" name="{name}"><variable name="{name}" typeRef="{type_ref}"/></inputData>'


def table(
    inputs: Sequence[str],
    outputs: Sequence[str],
    rules: Sequence[tuple[Sequence[str], Sequence[str]]],
    *,
    attributes: str = "",
    output_parts: Mapping[str, str] | None = None,
    input_types: Mapping[str, str] | None = None,
    input_parts: Mapping[str, str] | None = None,
) -> str:
    """A decision table; rule ids are r1, r2 and so on.

    `output_parts` are elements inside the output of that name, `input_parts` inside the input of that expression;
    `input_types` are type references of input expressions.
    """
    types, insides = input_types or {}, input_parts or {}
    columns = "".join(
        f"<input><inputExpression{f' typeRef={quoteattr(types[each])}' if each in types else ''}>{text(each)}</inputExpression>"
        f"{insides.get(each, '')}</input>"
        for each in inputs
    )
    parts = output_parts or {}
    columns += "".join(f'<output name="{each}">{parts.get(each, "")}</output>' for each in outputs)
    rows = ""
    for index, (tests, results) in enumerate(rules, 1):
        cells = "".join(f'<inputEntry id="r{index}i{n}">{text(each)}</inputEntry>' for n, each in enumerate(tests, 1))
        cells += "".join(f"<outputEntry>{text(each)}</outputEntry>" for each in results)
        rows += f'<rule id="r{index}">{cells}</rule>'
    return f'<decisionTable id="t" {attributes}>{columns}{rows}</decisionTable>'


def read(*elements: str) -> DecisionModel:
    return parse_decisions(model(*elements))


def decide(elements: Sequence[str], asked: str, variables: Mapping[str, Any] | None = None) -> DecisionResult:
    """Evaluate one decision of a file of these elements."""
    return read(*elements).decisions[asked].evaluate(variables or {}, now=NOW)
