"""Tiny diagrams with one event each: every trigger at every place where BPMN 2.0 (table 10.93) has it, in both dialects.

In all of them `work` is done before the event and `rest` after it, `handled` is what the event leads to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

START = "process start"
PROCESS, SCOPE = "event sub-process", "event sub-process, non-interrupting"
CATCH, THROW, END = "intermediate catch", "intermediate throw", "end"
BORDER, BESIDE = "boundary", "boundary, non-interrupting"
PLACES = (START, PROCESS, SCOPE, CATCH, BORDER, BESIDE, THROW, END)
AWAITED = ("message", "timer", "signal", "conditional", "multiple", "parallelMultiple")
TABLE: dict[str, tuple[str, ...]] = {
    "none": (START, THROW, END),
    "message": (START, PROCESS, SCOPE, CATCH, BORDER, BESIDE, THROW, END),
    "timer": (START, PROCESS, SCOPE, CATCH, BORDER, BESIDE),
    "signal": (START, PROCESS, SCOPE, CATCH, BORDER, BESIDE, THROW, END),
    "conditional": (START, PROCESS, SCOPE, CATCH, BORDER, BESIDE),
    "error": (PROCESS, BORDER, END),
    "escalation": (PROCESS, SCOPE, BORDER, BESIDE, THROW, END),
    "compensation": (PROCESS, BORDER, THROW, END),
    "cancel": (BORDER, END),
    "link": (CATCH, THROW),
    "terminate": (END,),
    "multiple": (START, PROCESS, SCOPE, CATCH, BORDER, BESIDE, THROW, END),
    "parallelMultiple": (START, PROCESS, SCOPE, CATCH, BORDER, BESIDE),
}
"""Where each trigger stands, by BPMN 2.0."""


REFUSED = {("parallelMultiple", START): "start-trigger"}
"""Of these the places that we refuse, with the rule."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One trigger at one place."""

    trigger: str
    place: str

    @property
    def id(self) -> str:
        return f"{self.trigger} - {self.place}"

    @property
    def rule(self) -> str | None:
        """The rule by which the cell is refused; None for one that is carried out."""
        return REFUSED.get((self.trigger, self.place))

    @property
    def is_awaited(self) -> bool:
        """Whether it comes from outside the instance."""
        return self.trigger in AWAITED and self.place not in {THROW, END}


def cells() -> Iterator[Cell]:
    for trigger, places in TABLE.items():
        yield from (Cell(trigger, place) for place in places)


class Writer:
    """What differs between the dialects."""

    head = (
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
        'xmlns:modeler="http://camunda.org/schema/modeler/1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'id="file" targetNamespace="t" modeler:executionPlatform="{}">'
    )

    def __init__(self, dialect: str) -> None:
        self.is_8 = dialect == "camunda8"

    def file(self, processes: str) -> bytes:
        key = '<bpmn:extensionElements><zeebe:subscription correlationKey="=key"/></bpmn:extensionElements>'
        return (
            self.head.format("Camunda Cloud" if self.is_8 else "Camunda Platform")
            + f'<bpmn:message id="m" name="news">{key if self.is_8 else ""}</bpmn:message><bpmn:signal id="s" name="news"/>'
            '<bpmn:error id="e" name="E" errorCode="E"/><bpmn:escalation id="x" name="X" escalationCode="X"/>'
            f"{processes}</bpmn:definitions>"
        ).encode()

    def job(self, name: str, inner: str = "", *, handler: bool = False) -> str:
        undo = ' isForCompensation="true"' if handler else ""
        if self.is_8:
            extension = f'<bpmn:extensionElements><zeebe:taskDefinition type="{name}"/></bpmn:extensionElements>'
            return f'<bpmn:serviceTask id="{name}"{undo}>{extension}{inner}</bpmn:serviceTask>'
        return f'<bpmn:serviceTask id="{name}" camunda:type="external" camunda:topic="{name}"{undo}>{inner}</bpmn:serviceTask>'

    def expression(self, name: str) -> str:
        return f"={name} = true" if self.is_8 else f"${{{name} == true}}"


def definition(writer: Writer, trigger: str, *, cycle: bool = False) -> str:
    """The event definition or definitions of a trigger."""
    time = "<bpmn:timeCycle>R1/PT1H</bpmn:timeCycle>" if cycle else "<bpmn:timeDuration>PT1H</bpmn:timeDuration>"
    condition = f'<bpmn:condition xsi:type="bpmn:tFormalExpression">{writer.expression("go")}</bpmn:condition>'
    message, signal = '<bpmn:messageEventDefinition messageRef="m"/>', '<bpmn:signalEventDefinition signalRef="s"/>'
    return {
        "none": "",
        "message": message,
        "timer": f"<bpmn:timerEventDefinition>{time}</bpmn:timerEventDefinition>",
        "signal": signal,
        "conditional": f"<bpmn:conditionalEventDefinition>{condition}</bpmn:conditionalEventDefinition>",
        "error": '<bpmn:errorEventDefinition errorRef="e"/>',
        "escalation": '<bpmn:escalationEventDefinition escalationRef="x"/>',
        "compensation": "<bpmn:compensateEventDefinition/>",
        "cancel": "<bpmn:cancelEventDefinition/>",
        "link": '<bpmn:linkEventDefinition name="L"/>',
        "terminate": "<bpmn:terminateEventDefinition/>",
        "multiple": message + signal,
        "parallelMultiple": message + signal,
    }[trigger]


def chain(*names: str) -> str:
    """Sequence flows from each to the next."""
    return "".join(
        f'<bpmn:sequenceFlow id="{one}-{two}" sourceRef="{one}" targetRef="{two}"/>' for one, two in pairwise(names)
    )


def diagram(cell: Cell, dialect: str) -> bytes:
    """The file for a cell: process `p`, and process `q` where something outside has to hear of it."""
    writer = Writer(dialect)
    what = definition(writer, cell.trigger, cycle=cell.trigger == "timer" and cell.place == START)
    several = ' parallelMultiple="true"' if cell.trigger == "parallelMultiple" else ""
    match cell.place:
        case place if place == START:
            inside = f'<bpmn:startEvent id="start"{several}>{what}</bpmn:startEvent>{writer.job("handled")}' + chain(
                "start", "handled"
            )
        case place if place == CATCH:
            inside = _catch(writer, cell, what, several)
        case place if place in {PROCESS, SCOPE}:
            inside = _event_sub_process(writer, cell, what, several)
        case place if place in {BORDER, BESIDE}:
            inside = _boundary(writer, cell, what, several)
        case _:
            inside = _thrown(writer, cell, what)
    heard = ""
    if cell.place in {THROW, END} and cell.trigger in {"message", "signal", "multiple"}:
        by = definition(writer, "message" if cell.trigger == "message" else "signal")
        heard = (
            f'<bpmn:process id="q" isExecutable="true"><bpmn:startEvent id="heard">{by}</bpmn:startEvent>'
            f"{writer.job('handled')}{chain('heard', 'handled')}</bpmn:process>"
        )
    return writer.file(f'<bpmn:process id="p" isExecutable="true">{inside}</bpmn:process>{heard}')


def _catch(writer: Writer, cell: Cell, what: str, several: str) -> str:
    catch = f'<bpmn:intermediateCatchEvent id="event"{several}>{what}</bpmn:intermediateCatchEvent>'
    if cell.trigger == "link":
        throw = f'<bpmn:intermediateThrowEvent id="from">{what}</bpmn:intermediateThrowEvent>'
        return (
            f'<bpmn:startEvent id="start"/>{writer.job("work")}{throw}{catch}{writer.job("handled")}'
            + chain("start", "work", "from")
            + chain("event", "handled")
        )
    return (
        f'<bpmn:startEvent id="start"/>{writer.job("work")}{catch}{writer.job("handled")}'
        + chain("start", "work", "event", "handled")
    )  # fmt: skip


def _main(writer: Writer, cell: Cell) -> str:
    """Start, work, what throws if the event comes from inside, rest."""
    start, work = '<bpmn:startEvent id="begin"/>', writer.job("work")
    match cell.trigger:
        case "error":
            end = '<bpmn:endEvent id="thrown"><bpmn:errorEventDefinition errorRef="e"/></bpmn:endEvent>'
            return start + work + end + chain("begin", "work", "thrown")
        case "cancel":
            end = '<bpmn:endEvent id="thrown"><bpmn:cancelEventDefinition/></bpmn:endEvent>'
            return start + work + end + chain("begin", "work", "thrown")
        case "escalation":
            throw = f'<bpmn:intermediateThrowEvent id="thrown">{definition(writer, "escalation")}</bpmn:intermediateThrowEvent>'
            return start + work + throw + writer.job("rest") + chain("begin", "work", "thrown", "rest")
        case _:
            return start + work + chain("begin", "work")


def _event_sub_process(writer: Writer, cell: Cell, what: str, several: str) -> str:
    interrupting = "false" if cell.place == SCOPE else "true"
    handler = (
        f'<bpmn:subProcess id="handler" triggeredByEvent="true"><bpmn:startEvent id="event" isInterrupting="{interrupting}"'
        f"{several}>{what}</bpmn:startEvent>{writer.job('handled')}{chain('event', 'handled')}</bpmn:subProcess>"
    )
    if cell.trigger == "compensation":
        return (
            f'<bpmn:startEvent id="start"/><bpmn:subProcess id="host">{_main(writer, cell)}{handler}</bpmn:subProcess>'
            f'<bpmn:intermediateThrowEvent id="undo">{what}</bpmn:intermediateThrowEvent>{writer.job("rest")}'
            + chain("start", "host", "undo", "rest")
        )
    return _main(writer, cell) + handler


def _boundary(writer: Writer, cell: Cell, what: str, several: str) -> str:
    cancels = "false" if cell.place == BESIDE else "true"
    start = '<bpmn:startEvent id="start"/>'
    if cell.trigger == "compensation":
        return (
            f'{start}{writer.job("work")}<bpmn:boundaryEvent id="event" attachedToRef="work" cancelActivity="{cancels}">'
            f"{what}</bpmn:boundaryEvent>"
            f"{writer.job('handled', handler=True)}"
            '<bpmn:association id="a" associationDirection="One" sourceRef="event" targetRef="handled"/>'
            f'<bpmn:intermediateThrowEvent id="undo">{what}</bpmn:intermediateThrowEvent>{writer.job("rest")}'
            + chain("start", "work", "undo", "rest")
        )
    host = "transaction" if cell.trigger == "cancel" else "subProcess"
    border = f'<bpmn:boundaryEvent id="event" attachedToRef="host" cancelActivity="{cancels}"{several}>{what}</bpmn:boundaryEvent>'
    return (
        f'{start}<bpmn:{host} id="host">{_main(writer, cell)}</bpmn:{host}>{border}{writer.job("handled")}'
        + chain("start", "host")
        + chain("event", "handled")
    )


def _thrown(writer: Writer, cell: Cell, what: str) -> str:
    """`work`, then the event, inside what can hear it; `rest` follows an intermediate event."""
    is_end = cell.place == END
    tag = "endEvent" if is_end else "intermediateThrowEvent"
    event = f'<bpmn:{tag} id="event">{what}</bpmn:{tag}>'
    rest = "" if is_end or cell.trigger == "link" else writer.job("rest")
    after = ("rest",) if rest else ()
    start = '<bpmn:startEvent id="start"/>'
    match cell.trigger:
        case "link":
            there = (
                f'<bpmn:intermediateCatchEvent id="there">{what}</bpmn:intermediateCatchEvent>{writer.job("handled")}'
            )
            return (
                start + writer.job("work") + event + there + chain("start", "work", "event") + chain("there", "handled")
            )
        case "compensation":
            return (
                f'{start}{writer.job("work")}<bpmn:boundaryEvent id="undo" attachedToRef="work">{what}</bpmn:boundaryEvent>'
                f"{writer.job('handled', handler=True)}"
                '<bpmn:association id="a" associationDirection="One" sourceRef="undo" targetRef="handled"/>'
                + event
                + rest
                + chain("start", "work", "event", *after)
            )
        case "terminate":
            # The other branch is what the event ends.
            fork = '<bpmn:parallelGateway id="fork"/>'
            return (
                start + fork + writer.job("work") + writer.job("rest") + event
                + chain("start", "fork", "work", "event") + chain("fork", "rest")
            )  # fmt: skip
        case "error" | "escalation" | "cancel":
            host = "transaction" if cell.trigger == "cancel" else "subProcess"
            stays = ' cancelActivity="false"' if cell.trigger == "escalation" and not is_end else ""
            inner = f'<bpmn:startEvent id="begin"/>{writer.job("work")}{event}{rest}' + chain(
                "begin", "work", "event", *after
            )
            return (
                f'{start}<bpmn:{host} id="host">{inner}</bpmn:{host}>'
                f'<bpmn:boundaryEvent id="border" attachedToRef="host"{stays}>{what}</bpmn:boundaryEvent>'
                f"{writer.job('handled')}" + chain("start", "host") + chain("border", "handled")
            )
        case _:
            return start + writer.job("work") + event + rest + chain("start", "work", "event", *after)
