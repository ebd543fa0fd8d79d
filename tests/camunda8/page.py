"""docs/camunda-api.md: which operations of Camunda's API are served, and where an answer means something else here.

Written from the running application's routes against Camunda's own description (`tests.camunda8.spec`); what differs is written
by hand below and must be about an operation that is served.
"""

from collections import Counter
from importlib.metadata import version
from pathlib import Path

from tests.camunda8 import spec

PAGE = Path(__file__).parents[2] / "docs" / "camunda-api.md"

DIFFERS: dict[str, str] = {
    "getTopology": "One broker with one partition: this server.",
    "getLicense": "There is nothing to buy: always valid, type `yimen`.",
    "getAuthentication": "`groups` are posts, `roles` the scopes of the caller, `tenants` its regions.",
    "pinClock": "With `YIMEN_CLOCK=manual` only (404 otherwise). Time moves forward only. `timestamp` may be ISO 8601 too. `GET /v2/clock` tells the moment.",
    "resetClock": "With `YIMEN_CLOCK=manual` only; refused where the clock is ahead of the machine's.",
    "createDeployment": "A deployment is everybody's, whatever the tenant. `.yaml` and `.typ` files of ours come back as `resource`.",
    "createProcessInstance": "Every instance is a case with number, office and clocks. `townshipCode` and `villageCode` among the variables say whose it is. An officer starts from the start form what her posts may start. No tags. `startInstructions` and `runtimeInstructions` need the scope `operate`.",
    "searchProcessInstances": "An officer finds the instances of cases that she may see, and not by variables. `elementId` finds what waits there now. Not by `hasRetriesLeft` or `elementInstanceState`.",
    "modifyProcessInstance": "Variables are written to the instance's own scope only (no `scopeId`). An ancestor that is not named is found by the diagram.",
    "getProcessDefinitionStatistics": "Counts all instances of the version, without filters; of ended ones those of the 200 newest instances.",
    "evaluateDecision": "Nothing is kept of an evaluation, so there are no decision instances to search. One that fails is 400 and says why.",
    "searchUserTasks": "An officer finds the tasks that she may see. `candidateGroup` is a post, or a post at an office (`post@code`). A task is named by its title.",
    "updateUserTask": "Priority and follow-up date. When a task is due follows from the law's clocks, who may do it from posts.",
    "assignUserTask": "A claim, an assignment by the head of the office, or a transfer with `action` as its ground: whatever the gate allows the caller. In a demonstration without credentials the person who is named acts.",
    "unassignUserTask": "By who has the task, or the head of its office.",
    "completeUserTask": "By who has the task; one in the queue is claimed first. What the form does not show is left out; every fault of the form is told at once. In a demonstration without credentials the task's holder acts, and 409 says where nobody is.",
    "searchUserTaskVariables": "An officer gets what the form shows her.",
    "searchUserTaskEffectiveVariables": "An officer gets what the form shows her.",
    "searchUserTaskAuditLogs": "From the authority's own audit; refusals are left out.",
    "searchVariables": "Programs and administrators only. Without a process instance, the 10 000 variables of the newest instances are looked at. `variableKey` is made of scope and name.",
    "getVariable": "Programs and administrators only.",
    "searchElementInstances": "With `processInstanceKey` exact; without, the 200 newest instances are looked at (`hasMoreTotalItems`).",
    "getElementInstance": "One that is over and held nothing is looked for in the 200 instances that began before it.",
    "createElementInstanceVariables": "Names that begin with `#` are the engine's own and refused.",
    "activateJobs": "Held open up to 5 minutes; 10 seconds where `requestTimeout` is 0. Our own job types are given to nobody. No leases.",
    "searchJobs": "Jobs that are over: with `processInstanceKey` exact, without, those of the 200 newest instances. An error thrown for a job shows as `CANCELED` or `COMPLETED`.",
    "completeJob": "`result` is what the listener of a user task says (creating and completing); ad-hoc sub-processes are not worked off as jobs.",
    "updateJob": "Retries and timeout; a job's priority is the diagram's.",
    "publishMessage": "A message with an id that is still remembered is 400. Not told apart by `businessId`.",
    "correlateMessage": "Not told apart by `businessId`. Taken by instances of several processes at once: 400.",
    "broadcastSignal": "Heard in one region (tenant).",
    "searchMessageSubscriptions": "Those that wait now; what was correlated is not kept.",
    "searchIncidents": "Kinds of ours without a word of Camunda's are `UNKNOWN`. Resolved ones as with `searchJobs`.",
    "resolveIncident": "What fails again stands still again, under a new key.",
    "createDocument": "Pictures, recordings, PDF and office files up to 20 MB (415 otherwise); numbered here, kept for good, no expiry and no properties.",
    "createDocuments": "As `createDocument`, each by itself.",
    "getDocument": "As `application/octet-stream`, to be saved.",
    "suspendProcessInstance": "Root instances only; everything below rests too.",
    "resumeProcessInstance": "Root instances only.",
}

INTRODUCTION = """# Camunda 8 API 接口

`/v2` speaks Camunda 8's Orchestration Cluster REST API, so that Camunda Modeler's *Deploy*, *Start* and *Test* buttons and the official
SDKs work against this server. 本页由程序对照 Camunda 官方 SDK 附带的接口说明生成 (`python -m tests.camunda8`).

Rights are those of the rest of the product, asked in the same place: a member of staff calls with login and password, a program with
a client that `yimen client add` made (Basic, or a token of `/oauth/token`). Any operation may answer 401 or 403. Tenants are regions;
`<default>` is the caller's own. Errors are problem+json with English before Chinese. An operation that is not served answers 404.
"""


def page() -> str:
    """The page as it must stand in docs/."""
    operations, routes = spec.operations(), spec.served()
    served = {each for each in operations if each in routes}
    differing = {operations[each]["operationId"] for each in served} & DIFFERS.keys()
    counts = Counter(
        "not served" if each not in served else "differs" if operations[each]["operationId"] in differing else "served"
        for each in operations
    )
    lines = [
        INTRODUCTION,
        f"Compared with the description that comes with `{spec.DISTRIBUTION}` {version(spec.DISTRIBUTION)}.\n",
    ]
    lines += [
        "| | operations |",
        "| --- | --- |",
        f"| served as described 一致 | {counts['served']} |",
        f"| served, differs in what is said below 有差异 | {counts['differs']} |",
    ]
    lines += [
        f"| not served 未提供 | {counts['not served']} |",
        f"| all | {len(operations)} |",
        "",
        "## Served 已提供",
        "",
    ]
    lines += ["| operation | address | what differs |", "| --- | --- | --- |"]
    for method, path in sorted(served, key=lambda each: (each[1], each[0])):
        name = operations[method, path]["operationId"]
        lines.append(f"| {name} | `{method} {path}` | {DIFFERS.get(name, '')} |".replace("|  |", "| |"))
    lines += ["", "## Not served 未提供", "", "| about | operations |", "| --- | --- |"]
    groups: dict[str, list[str]] = {}
    for each in operations:
        if each not in served:
            groups.setdefault(operations[each]["tags"][0], []).append(operations[each]["operationId"])
    lines += [f"| {tag} | {', '.join(sorted(names))} |" for tag, names in sorted(groups.items())]
    return "\n".join(lines) + "\n"
