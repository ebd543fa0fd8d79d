"""docs/camunda7-api.md, written from the routes of the application."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from fastapi.routing import APIRoute

from api.camunda7 import ROUTERS
from api.camunda7.errors import PREFIX

FILE = Path(__file__).resolve().parents[2] / "docs" / "camunda7-api.md"

HEAD = """# Camunda 7 API 接口

`/engine-rest` speaks the REST API of Camunda 7 (7.24), so that the Modeler's *Deploy* and *Start* buttons, workers for external tasks and clients of
that dialect work against this server. 本页由程序从路由生成 (`python -m tests.camunda7`)。 For Camunda 8 see [its page](camunda-api.md).

Rights are those of the rest of the product, asked in the same place: a member of staff calls with login and password, a program with
a client that `yimen client add` made. An address that stands below in no row is not served and answers 404 in the same form as every refusal:
`type`, `message` (English, then Chinese) and `code`.

## What differs 差异

| where | here |
| --- | --- |
| ids | numbers; a definition's is `key:version:number`, an activity instance's `activity:number` |
| tenants | are regions; the caller's own has none (`null`). Who reaches all regions finds things of all, and starts in another by `tenant-id` |
| deployment | judged whole, all files or none; a refusal names file, element and line in `message` and `details`. Files that are in use already are named again and make no new deployment. Nothing is ever deleted: by which version a case was decided must stay provable (403, with what runs on it) |
| files of other kinds | refused; diagrams, tables, forms and the product's own kinds are deployed |
| variables | `String`, `Boolean`, `Short`, `Integer`, `Long`, `Double`, `Date`, `Json`, `Null`, `Xml` (as text), `Object` as JSON, in any letter case; numbers stay exact. A `Date` is kept as its ISO 8601 text and comes back as `String`, an `Object` as `Json`. `File` and `Bytes` are refused, and so is deleting a variable: write null |
| officers | see the cases and tasks that their posts show them, and read data through the forms of their tasks, not as variables; they start procedures from their start forms |
| tasks | who calls is who acts. `complete` asks the task's form, keeps what the form shows, and claims a task of the caller's queue on the way. `assignee` for a task that somebody has is a transfer. There is no lending (`delegate`, `resolve`: 400), and for whom a task is follows from diagram and posts (`identity-links` cannot be written: 403) |
| comments | go on record; they are neither changed nor removed |
| external tasks | `asyncResponseTimeout` is kept. Job types of the product itself are never handed out. `retries` is null until a worker has failed. Tasks of one tenant at a time; `localVariables` of a topic is not served |
| messages | in files of Camunda 8, whose messages have a key of their own, the business key or the single correlation key must equal it |
| signals | go to all of a region; `executionId` is not served |
| start | instructions to begin at elements are a matter of `/v2` |
| lists | a filter that is not served is refused (400), not passed over; at most 10,000 rows at once |
| history | activities without `processInstanceId` are those of the 200 instances that were started last |

## Served 已提供
"""


def operations() -> Iterator[tuple[str, str, str]]:
    """(address, method, what it does), by address."""
    found = []
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute) and route.path.startswith(PREFIX):
                said = " ".join((route.endpoint.__doc__ or "").split())
                found += [(route.path.removeprefix(PREFIX), method, said) for method in sorted(route.methods)]
    yield from sorted(found)


def page() -> str:
    """The whole page."""
    lines = [HEAD]
    for noun, rows in groupby(operations(), key=lambda row: row[0].split("/")[1] if not row[0].startswith("/history") else "history"):
        lines += [f"### {noun}", "", "| operation | what it does |", "| --- | --- |"]
        lines += [f"| `{method} {path.replace('{given}', '{id}')}` | {said} |" for path, method, said in rows]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"
