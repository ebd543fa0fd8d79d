"""The same models with one event silenced: a case that still passes does not prove that event.

Silenced is what throws (its definition is removed, so that it passes by in silence), a timer (put off for years), a
condition (made false), and work that ends by an error (done without one).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from tests.betsy.adapter import BPMN

_THROWING = ("intermediateThrowEvent", "endEvent")
_YEARS = "P40Y"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed model; `site` names the element and what was done to it."""

    site: str
    model: bytes


def mutants(model: bytes) -> Iterator[Mutant]:
    """Every model that differs from this one in one silenced event."""
    for silence in (_silent_throws, _late_timers, _false_conditions, _harmless_work, _quiet_loops):
        number = 0
        while True:
            root = etree.fromstring(model)
            sites = list(silence(root))
            if number >= len(sites):
                break
            name, change = sites[number]
            change()
            yield Mutant(name, bytes(etree.tostring(root)))
            number += 1


Sites = Iterator[tuple[str, Callable[[], object]]]


def _all(root: etree._Element, *tags: str) -> list[etree._Element]:
    return list(root.iter(*(f"{{{BPMN}}}{tag}" for tag in tags)))


def _local(node: etree._Element) -> str:
    return str(etree.QName(node).localname)


def _silent_throws(root: etree._Element) -> Sites:
    for event in _all(root, *_THROWING):
        for definition in event:
            kind = _local(definition)
            if kind.endswith("EventDefinition") or kind == "eventDefinitionRef":
                yield (
                    f"{event.get('id')} without {kind}",
                    lambda event=event, definition=definition: event.remove(definition),
                )
    for task in _all(root, "sendTask"):
        yield f"{task.get('id')} sends nothing", lambda task=task: _plain(task)


def _plain(task: etree._Element) -> None:
    task.tag = f"{{{BPMN}}}task"
    for attribute in ("messageRef", "operationRef", "implementation"):
        task.attrib.pop(attribute, None)


def _late_timers(root: etree._Element) -> Sites:
    for time in _all(root, "timeDuration", "timeCycle"):
        owner = time.getparent().getparent()
        name = owner.get("id") or time.getparent().get("id")
        repeats, _, _ = (time.text or "").strip().rpartition("/")
        later = f"{repeats}/{_YEARS}" if repeats else _YEARS
        yield f"{name} put off", lambda time=time, later=later: setattr(time, "text", later)


def _false_conditions(root: etree._Element) -> Sites:
    for definition in _all(root, "conditionalEventDefinition"):
        condition = definition.find(f"{{{BPMN}}}condition")
        yield f"{definition.getparent().get('id')} never true", lambda node=condition: setattr(node, "text", "false")


def _harmless_work(root: etree._Element) -> Sites:
    for script in _all(root, "script"):
        if (script.text or "").strip() == "THROW_ERROR":
            task = script.getparent().get("id")
            yield f"{task} without its error", lambda script=script: setattr(script, "text", "CREATE_LOG_FILE")


def _quiet_loops(root: etree._Element) -> Sites:
    for loop in _all(root, "multiInstanceLoopCharacteristics"):
        if loop.get("behavior", "All") != "All":
            yield f"{loop.getparent().get('id')} throws nothing", lambda loop=loop: _quiet(loop)


def _quiet(loop: etree._Element) -> None:
    for attribute in ("behavior", "noneBehaviorEventRef", "oneBehaviorEventRef"):
        loop.attrib.pop(attribute, None)
    for entry in loop.findall(f"{{{BPMN}}}complexBehaviorDefinition"):
        loop.remove(entry)
