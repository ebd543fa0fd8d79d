"""Decision tables of a DMN file into records (DMN 1.5, 8.2)."""

from __future__ import annotations

from engine.decisions import records
from engine.decisions.elements import (
    check_language,
    child,
    children,
    content_of,
    optional_text,
    place_of,
    text_of,
    type_ref_of,
)
from engine.decisions.records import Aggregator, HitPolicy, Text
from engine.decisions.report import Report
from engine.xml import Node


def read_table(report: Report, element: Node) -> records.DecisionTable:
    """The record of a `decisionTable`; what is wrong with it goes to the report."""
    inputs = tuple(_input(report, each) for each in children(element, "input"))
    outputs = tuple(_output(each) for each in children(element, "output"))
    table = records.DecisionTable(
        place=place_of(element),
        hit_policy=_hit_policy(report, element),
        aggregator=_aggregator(report, element),
        inputs=inputs,
        outputs=outputs,
        rules=tuple(_rule(report, each, len(inputs), len(outputs)) for each in children(element, "rule")),
    )
    _check_table(report, table)
    return table


def _hit_policy(report: Report, element: Node) -> HitPolicy:
    written = element.get("hitPolicy", HitPolicy.UNIQUE)
    try:
        return HitPolicy(written)
    except ValueError:
        report.add(
            "dmn-hit-policy",
            place_of(element),
            f"没有名为“{written}”的命中策略。",
            f"There is no hit policy '{written}'.",
        )
        return HitPolicy.UNIQUE


def _aggregator(report: Report, element: Node) -> Aggregator | None:
    written = element.get("aggregation")
    if not written:
        return None
    try:
        return Aggregator(written)
    except ValueError:
        report.add(
            "dmn-aggregation",
            place_of(element),
            f"没有名为“{written}”的汇总方式。",
            f"There is no aggregation '{written}'.",
        )
        return None


def _check_table(report: Report, table: records.DecisionTable) -> None:
    if not table.outputs:
        report.add("dmn-table", table.place, "决策表没有输出列。", "The decision table has no output.")
    if table.aggregator is not None and table.hit_policy is not HitPolicy.COLLECT:
        report.add(
            "dmn-aggregation",
            table.place,
            "只有命中策略 COLLECT 可以汇总。",
            "Only the hit policy COLLECT can aggregate.",
        )
    if table.aggregator is not None and len(table.outputs) > 1:
        report.add(
            "dmn-aggregation",
            table.place,
            "有多个输出列时不能汇总。",
            "Several outputs cannot be aggregated.",
        )
    if table.hit_policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER) and not any(
        each.allowed for each in table.outputs
    ):
        report.add(
            "dmn-output-values",
            table.place,
            f"命中策略 {table.hit_policy} 需要按优先顺序列出输出值。",
            f"The hit policy {table.hit_policy} needs output values, in order of priority.",
        )
    names = [each.name for each in table.outputs]
    if len(names) > 1 and (not all(names) or len(set(names)) != len(names)):
        report.add(
            "dmn-output-name",
            table.place,
            "有多个输出列时,每列必须有各不相同的名称。",
            "With several outputs, each needs a name of its own.",
        )


def _input(report: Report, element: Node) -> records.InputColumn:
    expression = child(element, "inputExpression")
    if expression is not None:
        check_language(report, expression)
    text = text_of(expression, element)
    if not text.source.strip():
        report.add("dmn-input", place_of(element), "输入列没有表达式。", "The input column has no expression.")
    return records.InputColumn(
        place=place_of(element),
        label=element.get("label") or " ".join(text.source.split()),
        expression=text,
        type_ref=type_ref_of(expression),
        allowed=optional_text(child(element, "inputValues"), element),
    )


def _output(element: Node) -> records.OutputColumn:
    name = element.get("name", "")
    return records.OutputColumn(
        place=place_of(element),
        name=" ".join(name.split()),
        label=element.get("label") or name,
        type_ref=type_ref_of(element),
        allowed=optional_text(child(element, "outputValues"), element),
        default=optional_text(child(element, "defaultOutputEntry"), element),
    )


def _rule(report: Report, element: Node, inputs: int, outputs: int) -> records.Rule:
    tests = [_cell(report, each) for each in children(element, "inputEntry")]
    results = [_cell(report, each) for each in children(element, "outputEntry")]
    if len(tests) != inputs or len(results) != outputs:
        report.add(
            "dmn-rule",
            place_of(element),
            f"这一行有 {len(tests)} 个条件和 {len(results)} 个结果,应为 {inputs} 个和 {outputs} 个。",
            f"This rule has {len(tests)} conditions and {len(results)} results instead of {inputs} and {outputs}.",
        )
    notes = [*children(element, "description"), *children(element, "annotationEntry")]
    annotation = "\n".join(filter(None, (content_of(each).strip() for each in notes)))
    return records.Rule(place_of(element), element.get("id", ""), tuple(tests), tuple(results), annotation)


def _cell(report: Report, element: Node) -> Text:
    check_language(report, element)
    return text_of(element, element)
