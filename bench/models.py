"""The common workloads `review` and `rework` as our own diagrams and forms, and the other shapes that `bench.engine` measures.

Only names, flow and figures are those of the workload that the peers run (`workload.py` beside their scripts): start, accept
(about 2 KB of data), a script, visit and verify side by side, a gateway on what the script found, approve, a timer that is due at
once, reply.
"""

import json
from typing import Any

from engine.model import Resource
from tests.engine.diagrams import Body, attributes, resource

USER_TASKS = ("accept", "visit", "verify", "approve", "reply")


def review(*, with_people: bool = False) -> Resource:
    """The case of five tasks. With people: each task has its form and is given to who started the case."""
    body = Body()
    body.start()
    for task in USER_TASKS:
        ext = ""
        if with_people:
            ext = f'<zeebe:formDefinition formId="bench-{task}"/>{_properties(assign="initiator")}'
        body.user(task, ext=ext)
    body.script("assess", f"={'family' if with_people else 'household'}.income < 12000", "eligible")
    body.gateway("parallel", "fork").gateway("parallel", "join").gateway("exclusive", "decide", default="decide-refused")
    body.catch("wait", body.timer("timeDuration", "PT0S")).end().end("refused")
    body.flow("start -> accept -> assess -> fork -> visit -> join -> decide").flow("fork -> verify -> join")
    body.flow("decide -> approve", "=eligible = true").flow("decide -> refused").flow("approve -> wait -> reply -> end")
    process = _properties(startBy="*") if with_people else ""
    return resource(body, "review", ext=process)


def rework(script: str = "=n + 1", process_id: str = "rework") -> Resource:
    """A task, a script, and back, while n is below the limit."""
    body = Body()
    body.start().gateway("exclusive", "again").user("work").script("count", script, "n")
    body.gateway("exclusive", "more", default="more-end").end()
    body.flow("start -> again -> work -> count -> more -> end").flow("more -> again", "=n < limit")
    return resource(body, process_id)


def many(items: int) -> Resource:
    """A task for each of so many items at once."""
    body = Body()
    body.start().user("paper", loop=body.many(f"=for i in 1..{items} return i", out="done", element="=item")).end()
    body.flow("start -> paper -> end")
    return resource(body, "many")


def sleeper() -> Resource:
    """Waits for a day, then ends."""
    body = Body()
    body.start().catch("wait", body.timer("timeDuration", "P1D")).end().flow("start -> wait -> end")
    return resource(body, "sleeper")


def forms() -> list[Resource]:
    """The forms of `review`: the case's data (the members as one text), and three fields for each later step."""
    found = [_form("accept", [
        _field("textfield", "case_no"), _field("number", "family.income"), _field("number", "family.size"),
        _field("textfield", "family.district"),
        _field("textarea", "members"), _field("textarea", "notes"),
    ])]  # fmt: skip
    for task in USER_TASKS[1:]:
        key = f"{task}_result"
        found.append(_form(task, [
            _field("textfield", f"{key}.by"), _field("checkbox", f"{key}.ok"), _field("textfield", f"{key}.remark"),
        ]))  # fmt: skip
    return found


def _properties(**values: str) -> str:
    inner = "".join(f"<zeebe:property{attributes(name=name, value=value)}/>" for name, value in values.items())
    return f"<zeebe:properties>{inner}</zeebe:properties>"


def _field(kind: str, key: str, name: str = "") -> dict[str, Any]:
    return {"type": kind, "id": f"Field_{name or key.replace('.', '_')}", "key": key, "label": key}


def _form(task: str, components: list[dict[str, Any]]) -> Resource:
    schema = {
        "type": "default", "id": f"bench-{task}", "schemaVersion": 19, "executionPlatform": "Camunda Cloud",
        "executionPlatformVersion": "8.9.0", "components": components,
    }  # fmt: skip
    return Resource(f"bench-{task}.form", json.dumps(schema).encode())
