"""Makes a betsy model executable: its scripts become jobs, its bare conditions expressions of a dialect.

Nothing of what a model tests is changed. Taken out are only the service interfaces (WSDL operations, which no dialect
carries out and no case asks for) and the input/output specification of the case about data objects: the worker reads
and writes the variable that it stands for, as betsy's own adapters do.
"""

from __future__ import annotations

import re

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
MODELER = "http://camunda.org/schema/modeler/1.0"

_WRAPPED = ("conditionExpression", "loopCondition", "condition", "activationCondition", "completionCondition")
_WITHOUT_EFFECT = ("interface", "operationRef", "interfaceRef", "ioSpecification", "dataInputAssociation",
                   "dataOutputAssociation")  # fmt: skip


def to_camunda_7(model: bytes) -> bytes:
    """The model in the Camunda 7 dialect: external tasks with the script's token as topic, `${…}` around conditions."""
    root = _prepared(model, "Camunda Platform", "7.24.0")
    for task, token in _scripts(root):
        task.set(f"{{{CAMUNDA}}}type", "external")
        task.set(f"{{{CAMUNDA}}}topic", token)
    for condition in root.iter(*(f"{{{BPMN}}}{tag}" for tag in _WRAPPED)):
        condition.text = f"${{{_condition(condition)}}}"
    return bytes(etree.tostring(root))


def to_camunda_8(model: bytes) -> bytes:
    """The model in the Camunda 8 dialect: jobs of the token's type, FEEL conditions, a correlation key for messages."""
    root = _prepared(model, "Camunda Cloud", "8.9.0")
    for task, token in _scripts(root):
        etree.SubElement(_extensions(task), f"{{{ZEEBE}}}taskDefinition", type=token)
    for condition in root.iter(*(f"{{{BPMN}}}{tag}" for tag in _WRAPPED)):
        condition.text = f"={_feel(_condition(condition))}"
    for cardinality in list(root.iter(f"{{{BPMN}}}loopCardinality")):
        # Camunda 8 knows collections alone: so many times is once for each number up to it.
        loop, times = cardinality.getparent(), re.sub(r"\$\{(.*)\}", r"\1", (cardinality.text or "").strip())
        loop.remove(cardinality)
        etree.SubElement(
            _extensions(loop), f"{{{ZEEBE}}}loopCharacteristics", inputCollection=f"=for i in 1..{times} return i"
        )
    for message in root.iter(f"{{{BPMN}}}message"):
        etree.SubElement(_extensions(message), f"{{{ZEEBE}}}subscription", correlationKey='="case"')
    for sending in root.iter(f"{{{BPMN}}}callActivity"):
        called = sending.attrib.pop("calledElement")
        etree.SubElement(_extensions(sending), f"{{{ZEEBE}}}calledElement", processId=called)
    return bytes(etree.tostring(root))


DIALECTS = {"camunda7": to_camunda_7, "camunda8": to_camunda_8}


def _prepared(model: bytes, platform: str, version: str) -> etree._Element:
    root = etree.fromstring(model)
    root.set(f"{{{MODELER}}}executionPlatform", platform)
    root.set(f"{{{MODELER}}}executionPlatformVersion", version)
    for tag in _WITHOUT_EFFECT:
        for node in root.findall(f".//{{{BPMN}}}{tag}"):
            node.getparent().remove(node)
    for node in root.iter(f"{{{BPMN}}}sendTask", f"{{{BPMN}}}receiveTask"):
        node.attrib.pop("operationRef", None)
    for process in root.iter(f"{{{BPMN}}}process"):
        for declared in process.findall(f"{{{BPMN}}}property"):
            process.remove(declared)
    return root


def _scripts(root: etree._Element) -> list[tuple[etree._Element, str]]:
    """Every script task as a service task, with the token that its script was."""
    found = []
    for task in list(root.iter(f"{{{BPMN}}}scriptTask")):
        script = task.find(f"{{{BPMN}}}script")
        found.append((task, (script.text or "").strip()))
        task.remove(script)
        task.tag = f"{{{BPMN}}}serviceTask"
    return found


def _extensions(node: etree._Element) -> etree._Element:
    found = node.find(f"{{{BPMN}}}extensionElements")
    if found is None:
        found = etree.Element(f"{{{BPMN}}}extensionElements")
        node.insert(0, found)
    return found


def _condition(node: etree._Element) -> str:
    """A condition as betsy means it. One model writes a stray `>` behind it, which no engine of the suite reads."""
    return re.sub(r"\)>$", ")", (node.text or "").strip())


def _feel(condition: str) -> str:
    contains = re.fullmatch(r'(!?)(\w+)\.contains\("(\w+)"\)', condition)
    if contains is None:
        return condition
    asked = f'contains({contains[2]}, "{contains[3]}")'
    return f"not({asked})" if contains[1] else asked
