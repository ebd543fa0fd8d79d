"""Diagrams of Camunda 7, as the Modeler writes them, and what callers send."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:modeler="http://camunda.org/schema/modeler/1.0"'
    ' targetNamespace="http://bpmn.io/schema/bpmn" exporter="Camunda Modeler"'
    ' modeler:executionPlatform="Camunda Platform" modeler:executionPlatformVersion="7.24.0">'
)


def diagram(process_id: str, inside: str, *, name: str = "", before: str = "") -> bytes:
    """A file with one process."""
    named = f' name="{name}"' if name else ""
    process = f'<bpmn:process id="{process_id}"{named} isExecutable="true" camunda:historyTimeToLive="180">{inside}</bpmn:process>'
    return f"{HEAD}{before}{process}</bpmn:definitions>".encode()


def chain(*nodes: str) -> str:
    """Flows from each of these to the next."""
    return "".join(
        f'<bpmn:sequenceFlow id="f_{one}_{other}" sourceRef="{one}" targetRef="{other}" />'
        for one, other in pairwise(nodes)
    )


def node(kind: str, node_id: str, inside: str = "", **attributes: str) -> str:
    """A flow node."""
    written = "".join(f' {name.replace("_", ":")}="{value}"' for name, value in attributes.items())
    return f'<bpmn:{kind} id="{node_id}"{written}>{inside}</bpmn:{kind}>'


def external(process_id: str = "with-worker", topic: str = "check-income", **attributes: str) -> bytes:
    """Start, an external task, end."""
    service = node("serviceTask", "check", camunda_type="external", camunda_topic=topic, **attributes)
    return diagram(process_id, node("startEvent", "start") + service + node("endEvent", "end") + chain("start", "check", "end"))


def with_error(process_id: str = "with-error", topic: str = "check-error") -> bytes:
    """An external task whose error leads to a user task."""
    inside = (
        node("startEvent", "start")
        + node("serviceTask", "check", camunda_type="external", camunda_topic=topic)
        + node("endEvent", "end")
        + node("boundaryEvent", "failed", '<bpmn:errorEventDefinition errorRef="e" />', attachedToRef="check")
        + node("userTask", "look", camunda_candidateGroups="case-handler")
        + node("endEvent", "end2")
        + chain("start", "check", "end")
        + chain("failed", "look", "end2")
    )
    return diagram(process_id, inside, before='<bpmn:error id="e" name="refused" errorCode="refused" />')


def waiting(process_id: str = "with-message", message: str = "papers-came") -> bytes:
    """A process that waits for a message."""
    inside = (
        node("startEvent", "start")
        + node("receiveTask", "wait", messageRef="m")
        + node("userTask", "go-on", camunda_candidateGroups="case-handler")
        + node("endEvent", "end")
        + chain("start", "wait", "go-on", "end")
    )
    return diagram(process_id, inside, before=f'<bpmn:message id="m" name="{message}" />')


def parts(*files: tuple[str, bytes], name: str = "一个流程", **fields: str) -> dict[str, Any]:
    """A deployment as the Modeler sends it: the diagram and each attachment as a part that is named after the file."""
    return {
        "data": {
            "deployment-name": name, "deployment-source": "Camunda Modeler", "enable-duplicate-filtering": "true", **fields,
        },
        "files": [(file, (file, content, "text/xml")) for file, content in files],
    }  # fmt: skip
