"""What activities of the Camunda 8 dialect do: scripts, decisions, called processes, loops, ad-hoc choices."""

from __future__ import annotations

from collections.abc import Mapping

from engine.parsing.camunda8_place import binding_of, extension
from engine.parsing.elements import children, chinese_name, local
from engine.parsing.reading import Reading, check_name, expression, required, required_text
from engine.parsing.records import AdHoc, CalledDecision, CalledElement, MultiInstance, Script
from engine.xml import Node


def script(reading: Reading, node: Node) -> Script | None:
    """`zeebe:script`: a FEEL expression and the variable that takes its result."""
    definition = extension(node, "script")
    if definition is None:
        return None
    text = required_text(reading, definition, "expression", "script", "脚本的表达式(expression)", "script's expression")
    result = required_text(
        reading, definition, "resultVariable", "script", "脚本的结果变量(resultVariable)", "script's result variable"
    )
    check_name(reading, definition, result, "脚本的结果变量", "result variable of the script")
    return Script(expression(reading, definition, text, "脚本", "The script"), result)


def called_decision(reading: Reading, node: Node) -> CalledDecision | None:
    """`zeebe:calledDecision`: the decision that a business rule task evaluates."""
    definition = extension(node, "calledDecision")
    if definition is None:
        return None
    result = required_text(
        reading,
        definition,
        "resultVariable",
        "called-decision",
        "决策的结果变量(resultVariable)",
        "decision's result variable",
    )
    check_name(reading, definition, result, "决策的结果变量", "result variable of the decision")
    binding, tag = binding_of(reading, definition)
    return CalledDecision(
        decision_id=required(
            reading, definition, "decisionId", "called-decision", "决策编号(decisionId)", "decision id"
        ),
        result_variable=result,
        binding=binding,
        version_tag=tag,
    )


def called_element(reading: Reading, node: Node) -> CalledElement | None:
    """`zeebe:calledElement`: the process that a call activity starts, and which variables travel."""
    definition = extension(node, "calledElement")
    if definition is None:
        reading.report.refuse(
            "called-element",
            node,
            "调用活动没有写明调用哪个流程(zeebe:calledElement 的 processId)。",
            "The call activity does not say which process it calls (processId of zeebe:calledElement).",
        )
        return None
    binding, tag = binding_of(reading, definition)
    return CalledElement(
        process_id=required(
            reading, definition, "processId", "called-element", "被调用流程的编号(processId)", "called process id"
        ),
        binding=binding,
        version_tag=tag,
        propagate_all_child_variables=_flag(reading, definition, "propagateAllChildVariables"),
        propagate_all_parent_variables=_flag(reading, definition, "propagateAllParentVariables"),
    )


def _flag(reading: Reading, node: Node, attribute: str) -> bool:
    """Camunda 8 takes both propagation attributes as true where they are absent; its Modeler always writes them."""
    text = (node.get(attribute) or "true").strip()
    if text not in {"true", "false"}:
        reading.report.refuse(
            "called-element", node, f"{attribute} 应为 true 或 false。", f"{attribute} has to be true or false."
        )
    return text == "true"


def multi_instance(reading: Reading, loop: Node) -> MultiInstance | None:
    """A `multiInstanceLoopCharacteristics` element with its `zeebe:loopCharacteristics`."""
    definition = extension(loop, "loopCharacteristics")
    if definition is None:
        reading.report.refuse(
            "loop-characteristics",
            loop,
            "多实例没有写明逐项处理的集合(zeebe:loopCharacteristics 的 inputCollection)。",
            "The multi-instance activity does not say over which collection it goes (inputCollection).",
        )
        return None
    element = (definition.get("inputElement") or "").strip() or None
    collection = (definition.get("outputCollection") or "").strip() or None
    output = (definition.get("outputElement") or "").strip()
    check_name(reading, definition, element or "", "多实例的项变量(inputElement)", "inputElement")
    check_name(reading, definition, collection or "", "多实例的结果集合(outputCollection)", "outputCollection")
    _check_output(reading, definition, collection, output)
    source = required_text(
        reading,
        definition,
        "inputCollection",
        "loop-characteristics",
        "多实例的集合(inputCollection)",
        "inputCollection",
    )
    conditions = children(loop, "completionCondition")
    condition = (conditions[0].text or "").strip() if conditions else ""
    return MultiInstance(
        sequential=(loop.get("isSequential") or "false").strip() in {"true", "1"},
        input_collection=expression(reading, definition, source, "多实例的集合", "The input collection"),
        input_element=element,
        output_collection=collection,
        output_element=expression(reading, definition, output, "多实例的每项结果", "The output element")
        if output
        else None,
        completion_condition=expression(reading, conditions[0], condition, "完成条件", "The completion condition")
        if condition
        else None,
    )


def ad_hoc(reading: Reading, node: Node) -> AdHoc:
    """`zeebe:adHoc`: which inner elements are activated (Camunda 8, "Ad-hoc sub-process")."""
    definition = extension(node, "adHoc")
    if definition is None:
        return AdHoc()
    active = (definition.get("activeElementsCollection") or "").strip()
    return AdHoc(
        active=expression(reading, definition, active, "启动的元素集合", "The collection of active elements")
        if active
        else None
    )


def _check_output(reading: Reading, definition: Node, collection: str | None, output: str) -> None:
    if (collection is None) != (not output):
        reading.report.refuse(
            "loop-characteristics",
            definition,
            "结果集合(outputCollection)与每项结果(outputElement)应当同时写明。",
            "outputCollection and outputElement have to be given together.",
        )


def check_implementation(reading: Reading, node: Node, found: Mapping[str, bool]) -> None:
    """An activity that needs an implementation has exactly one; `found` says which of the possible ones it has."""
    present = [name for name, there in found.items() if there]
    if len(present) == 1:
        return
    choices = " / ".join(found)
    zh = chinese_name(local(node))
    if present:
        reading.report.refuse(
            "implementation",
            node,
            f"“{zh}”同时写了 {'、'.join(present)},只能有一种实现。",
            f"The {local(node)} has several implementations ({', '.join(present)}); it can have one.",
        )
    else:
        reading.report.refuse(
            "implementation",
            node,
            f"“{zh}”没有写明由什么执行({choices})。",
            f"The {local(node)} does not say what carries it out ({choices}).",
        )
