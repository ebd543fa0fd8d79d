"""Definitions, instances, messages, signals, incidents, variables, decisions and history at /engine-rest."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute

from api.camunda7 import ROUTERS
from casework.model.people import Scope
from casework.people import programs
from tests.camunda7.conftest import REST, Caller, as_person
from tests.camunda7.diagrams import chain, diagram, node, parts

JA_01 = {"townshipCode": {"value": "JA-01", "type": "String"}}
TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:modeler="http://camunda.org/schema/modeler/1.0"
  id="rates" name="Rates" namespace="http://camunda.org/schema/1.0/dmn">
  <decision id="rate" name="Rate">
    <decisionTable id="t" hitPolicy="COLLECT">
      <input id="i"><inputExpression id="ie" typeRef="number"><text>amount</text></inputExpression></input>
      <output id="o" name="kind" typeRef="string" /><output id="p" name="share" typeRef="number" />
      <rule id="r1"><inputEntry id="a1"><text>&gt;= 0</text></inputEntry><outputEntry id="b1"><text>"any"</text></outputEntry>
        <outputEntry id="c1"><text>0.5</text></outputEntry></rule>
      <rule id="r2"><inputEntry id="a2"><text>&gt; 100</text></inputEntry><outputEntry id="b2"><text>"high"</text></outputEntry>
        <outputEntry id="c2"><text>1</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""


def deploy(rest: Caller, *files: tuple[str, bytes]) -> dict[str, Any]:
    answer = rest.post("/deployment/create", **parts(*files))
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def start(rest: Caller, key: str, *, business_key: str | None = None, **variables: Any) -> str:
    typed = {name: {"value": value} for name, value in variables.items()} | JA_01
    answer = rest.post(f"/process-definition/key/{key}/start", json={"businessKey": business_key, "variables": typed})
    assert answer.status_code == 200, answer.text
    number: str = answer.json()["id"]
    return number


def two_steps(key: str) -> bytes:
    inside = (
        node("startEvent", "start")
        + node("userTask", "first", name="第一步", camunda_candidateGroups="case-handler")
        + node("userTask", "second", camunda_candidateGroups="case-handler")
        + node("endEvent", "end")
        + chain("start", "first", "second", "end")
    )
    return diagram(key, inside, name="两步")


@pytest.fixture
def key(rest: Caller) -> str:
    """A process of the test's own with two user tasks, one after the other."""
    name = f"r-{uuid4().hex[:12]}"
    deploy(rest, (f"{name}.bpmn", two_steps(name)))
    return name


# ---- definitions


def test_a_definition_is_found_by_key_and_by_id(rest: Caller, key: str) -> None:
    found = rest.get(f"/process-definition/key/{key}").json()

    assert found == {
        "id": found["id"], "key": key, "category": None, "description": None, "name": "两步", "version": 1,
        "resource": f"{key}.bpmn", "deploymentId": found["deploymentId"], "diagram": None, "suspended": False, "tenantId": None,
        "versionTag": None, "historyTimeToLive": None, "startableInTasklist": True,
    }  # fmt: skip
    assert rest.get(f"/process-definition/{found['id']}").json() == found
    assert rest.get(f"/process-definition?key={key}&latestVersion=true").json() == [found]
    assert rest.get(f"/process-definition/count?keyLike={key[:6]}%25").json()["count"] == 1
    assert "两步" in rest.get(f"/process-definition/{found['id']}/xml").json()["bpmn20Xml"]
    assert rest.get(f"/process-definition/key/{key}/startForm").json() == {"key": None, "camundaFormRef": None, "contextPath": None}


@pytest.mark.parametrize("path", ["/key/none", "/none:1:1", "/1", "/key/none/xml", "/none/xml", "/with-worker:9:1"])
def test_a_definition_that_there_is_not_is_told_so(rest: Caller, path: str) -> None:
    assert rest.get(f"/process-definition{path}").status_code == 404


def test_a_definitions_id_must_fit_in_all_its_parts(rest: Caller, key: str) -> None:
    found = rest.get(f"/process-definition/key/{key}").json()["id"]
    number = found.rpartition(":")[2]

    assert rest.get(f"/process-definition/other:1:{number}").status_code == 404
    assert rest.post(f"/process-definition/other:1:{number}/start", json={}).status_code == 404


def test_the_start_form_is_the_one_that_is_deployed(rest: Caller) -> None:
    name = f"s-{uuid4().hex[:12]}"
    inside = (
        node("startEvent", "start", camunda_formRef=name, camunda_formRefBinding="latest") + node("endEvent", "end") + chain("start", "end")
    )
    form = f'{{"type": "default", "id": "{name}", "components": [], "schemaVersion": 19}}'.encode()
    deploy(rest, (f"{name}.bpmn", diagram(name, inside)), (f"{name}.form", form))

    reference = rest.get(f"/process-definition/key/{name}/startForm").json()["camundaFormRef"]

    assert reference == {"key": name, "binding": "version", "version": 1}
    assert rest.get(f"/process-definition/key/{name}/deployed-start-form").json()["id"] == name


def test_deployments_are_listed_newest_first_and_never_removed(rest: Caller, key: str) -> None:
    newest = rest.get("/deployment?maxResults=1").json()
    start(rest, key)

    assert [each["id"] for each in newest] == [rest.get(f"/process-definition/key/{key}").json()["deploymentId"]]
    refused = rest.delete(f"/deployment/{newest[0]['id']}?cascade=true")
    assert (refused.status_code, refused.json()["type"]) == (403, "AuthorizationException")
    assert "1 instances run on it" in refused.json()["message"]
    assert rest.get(f"/deployment/{newest[0]['id']}").json() == newest[0]
    [file] = rest.get(f"/deployment/{newest[0]['id']}/resources").json()
    assert rest.get(f"/deployment/{newest[0]['id']}/resources/{file['id']}/data").content == two_steps(key)
    assert rest.delete("/deployment/1").status_code == 404


# ---- instances


def test_an_instance_is_listed_while_it_runs_and_stays_in_history(rest: Caller, key: str) -> None:
    number = start(rest, key, business_key=f"BK-{key}")

    found = rest.get(f"/process-instance/{number}").json()
    assert (found["businessKey"], found["ended"], found["suspended"], found["tenantId"]) == (f"BK-{key}", False, False, None)
    assert rest.get(f"/process-instance?businessKey=BK-{key}").json() == [found]
    assert rest.post("/process-instance", json={"processDefinitionKey": key}).json() == [found]
    assert rest.get(f"/process-instance/count?activityIdIn=first&processDefinitionKey={key}").json() == {"count": 1}

    assert rest.delete(f"/process-instance/{number}?deleteReason=test").status_code == 204

    assert rest.get(f"/process-instance/{number}").status_code == 404
    assert rest.delete(f"/process-instance/{number}").status_code == 404
    assert rest.get(f"/process-instance/count?processDefinitionKey={key}").json() == {"count": 0}
    past = rest.get(f"/history/process-instance/{number}").json()
    assert (past["state"], past["rootProcessInstanceId"], past["superProcessInstanceId"]) == ("EXTERNALLY_TERMINATED", number, None)
    assert past["endTime"].endswith("+0000")
    assert rest.get(f"/history/process-instance?processDefinitionKey={key}&finished=true").json() == [past]


def test_an_instance_rests_and_goes_on(rest: Caller, key: str) -> None:
    number = start(rest, key)

    assert rest.put(f"/process-instance/{number}/suspended", json={"suspended": True}).status_code == 204
    assert rest.put(f"/process-instance/{number}/suspended", json={"suspended": True}).status_code == 204
    assert rest.get(f"/process-instance/{number}").json()["suspended"] is True
    assert rest.get(f"/task?processInstanceId={number}").json()[0]["suspended"] is True
    assert rest.get(f"/process-instance/count?suspended=true&processDefinitionKey={key}").json() == {"count": 1}

    assert rest.put(f"/process-instance/{number}/suspended", json={"suspended": False}).status_code == 204
    assert rest.get(f"/process-instance/{number}").json()["suspended"] is False


def test_variables_are_read_and_written_with_their_types(rest: Caller, key: str) -> None:
    number = start(rest, key, amount=620)
    path = f"/process-instance/{number}/variables"

    assert rest.get(f"{path}/amount").json() == {"type": "Integer", "value": 620, "valueInfo": {}}
    assert rest.put(f"{path}/amount", json={"value": 1.5, "type": "Double"}).status_code == 204
    assert rest.get(f"{path}/amount").json()["value"] == 1.5
    sent = {"modifications": {"list": {"value": "[1,2]", "type": "Json"}, "who": {"value": "甲", "type": "String"}}}
    assert rest.post(path, json=sent).status_code == 204
    found = rest.get(path).json()
    assert (found["list"]["type"], found["list"]["value"], found["who"]["value"]) == ("Json", "[1,2]", "甲")
    assert rest.get(f"{path}/none").status_code == 404
    assert rest.put(f"{path}/amount", json={"value": "x", "type": "Integer"}).status_code == 400
    assert rest.post(path, json={"deletions": ["who"]}).status_code == 400

    listed = {each["name"]: each for each in rest.get(f"/variable-instance?processInstanceIdIn={number}").json()}
    assert listed["who"]["value"] == "甲"
    assert rest.get(f"/variable-instance/{listed['who']['id']}").json() == listed["who"]
    past = rest.get(f"/history/variable-instance/{listed['who']['id']}").json()
    assert (past["value"], past["state"], past["rootProcessInstanceId"]) == ("甲", "CREATED", number)
    assert rest.get("/history/variable-instance/1").status_code == 404
    one = rest.post("/variable-instance", json={"processInstanceIdIn": [number], "variableName": "who"}).json()
    assert one == [listed["who"]]
    assert rest.get(f"/variable-instance/count?processInstanceIdIn={number}&variableName=who").json() == {"count": 1}


def test_where_an_instance_stands_is_shown_as_a_tree(rest: Caller, key: str) -> None:
    number = start(rest, key)

    tree = rest.get(f"/process-instance/{number}/activity-instances").json()

    assert (tree["id"], tree["activityType"], tree["parentActivityInstanceId"]) == (number, "processDefinition", None)
    [child] = tree["childActivityInstances"]
    assert (child["activityId"], child["activityType"], child["name"]) == ("first", "userTask", "第一步")
    assert child["parentActivityInstanceId"] == number
    assert child["incidentIds"] == []


@pytest.mark.parametrize(
    ("instructions", "stands"),
    [
        ([{"type": "startBeforeActivity", "activityId": "second"}], ["first", "second"]),
        ([{"type": "startAfterActivity", "activityId": "first"}], ["first", "second"]),
        ([{"type": "startTransition", "transitionId": "f_first_second"}], ["first", "second"]),
        ([{"type": "cancel", "activityId": "first"}, {"type": "startBeforeActivity", "activityId": "second"}], ["second"]),
        ([{"type": "startBeforeActivity", "activityId": "first", "cancelCurrentActiveActivityInstances": True}], ["first"]),
    ],
)
def test_an_instance_is_moved(rest: Caller, key: str, instructions: list[dict[str, Any]], stands: list[str]) -> None:
    number = start(rest, key)

    answer = rest.post(f"/process-instance/{number}/modification", json={"instructions": instructions, "annotation": "试"})

    assert answer.status_code == 204, answer.text
    tasks = rest.get(f"/task?processInstanceId={number}").json()
    assert sorted(each["taskDefinitionKey"] for each in tasks) == stands


def test_one_activity_instance_is_taken_away(rest: Caller, key: str) -> None:
    number = start(rest, key)
    [child] = rest.get(f"/process-instance/{number}/activity-instances").json()["childActivityInstances"]

    taken = {"instructions": [{"type": "cancel", "activityInstanceId": child["id"]}]}

    assert rest.post(f"/process-instance/{number}/modification", json=taken).status_code == 204
    assert rest.get(f"/history/process-instance/{number}").json()["endTime"] is not None


@pytest.mark.parametrize(
    "instructions",
    [
        [],
        [{"type": "jump", "activityId": "second"}],
        [{"type": "startBeforeActivity"}],
        [{"type": "startBeforeActivity", "activityId": "none"}],
        [{"type": "startTransition", "transitionId": "none"}],
        [{"type": "cancel"}],
        [{"type": "cancel", "transitionInstanceId": "1"}],
    ],
)
def test_an_instruction_that_cannot_be_meant_moves_nothing(rest: Caller, key: str, instructions: list[Any]) -> None:
    number = start(rest, key)

    answer = rest.post(f"/process-instance/{number}/modification", json={"instructions": instructions})

    assert answer.status_code in (400, 404)
    assert [each["taskDefinitionKey"] for each in rest.get(f"/task?processInstanceId={number}").json()] == ["first"]


# ---- messages and signals


@pytest.fixture
def waits(rest: Caller) -> str:
    """A process whose instances wait for a message of the same name."""
    name = f"m-{uuid4().hex[:12]}"
    inside = (
        node("startEvent", "start") + node("receiveTask", "wait", messageRef="m") + node("userTask", "next") + node("endEvent", "end")
        + chain("start", "wait", "next", "end")
    )  # fmt: skip
    deploy(rest, (f"{name}.bpmn", diagram(name, inside, before=f'<bpmn:message id="m" name="{name}" />')))
    return name


def stands_at(rest: Caller, number: str) -> list[str]:
    tree = rest.get(f"/process-instance/{number}/activity-instances").json()
    return [each["activityId"] for each in tree["childActivityInstances"]]


def test_a_message_goes_to_the_one_with_the_business_key(rest: Caller, waits: str) -> None:
    first, second = start(rest, waits, business_key="A"), start(rest, waits, business_key="B")
    sent = {
        "messageName": waits, "businessKey": "B", "processVariables": {"said": {"value": True}}, "resultEnabled": True,
        "variablesInResultEnabled": True,
    }  # fmt: skip

    [result] = rest.post("/message", json=sent).json()

    assert (result["resultType"], result["execution"]["processInstanceId"]) == ("Execution", second)
    assert result["variables"]["said"]["value"] is True
    assert (stands_at(rest, first), stands_at(rest, second)) == (["wait"], ["next"])


@pytest.mark.parametrize("how", ["keys", "instance"])
def test_a_message_goes_to_the_one_that_is_meant(rest: Caller, waits: str, how: str) -> None:
    first, second = start(rest, waits, n=1), start(rest, waits, n=2)
    meant = {"correlationKeys": {"n": {"value": 2}}} if how == "keys" else {"processInstanceId": second}

    assert rest.post("/message", json={"messageName": waits, **meant}).status_code == 204

    assert (stands_at(rest, first), stands_at(rest, second)) == (["wait"], ["next"])


def test_a_message_for_one_of_two_is_not_guessed_but_all_may_be_meant(rest: Caller, waits: str) -> None:
    numbers = [start(rest, waits), start(rest, waits)]

    refused = rest.post("/message", json={"messageName": waits})
    assert (refused.status_code, refused.json()["type"]) == (400, "MismatchingMessageCorrelationException")
    assert [stands_at(rest, each) for each in numbers] == [["wait"], ["wait"]]

    assert rest.post("/message", json={"messageName": waits, "all": True}).status_code == 204
    assert [stands_at(rest, each) for each in numbers] == [["next"], ["next"]]


def test_a_message_that_nobody_waits_for_is_refused(rest: Caller) -> None:
    refused = rest.post("/message", json={"messageName": "nobody waits for this"})

    assert (refused.status_code, refused.json()["type"]) == (400, "MismatchingMessageCorrelationException")
    assert rest.post("/message", json={}).status_code == 400


def test_a_message_starts_the_process_that_it_starts(rest: Caller) -> None:
    name = f"b-{uuid4().hex[:12]}"
    begin = node("startEvent", "start", '<bpmn:messageEventDefinition messageRef="m" />')
    inside = begin + node("userTask", "next") + node("endEvent", "end") + chain("start", "next", "end")
    deploy(rest, (f"{name}.bpmn", diagram(name, inside, before=f'<bpmn:message id="m" name="{name}" />')))

    [result] = rest.post("/message", json={"messageName": name, "businessKey": "K", "resultEnabled": True}).json()

    assert result["resultType"] == "ProcessDefinition"
    assert result["processInstance"]["businessKey"] == "K"
    assert stands_at(rest, result["processInstance"]["id"]) == ["next"]


def test_a_signal_is_told_to_all_who_wait(rest: Caller) -> None:
    name = f"g-{uuid4().hex[:12]}"
    wait = node("intermediateCatchEvent", "wait", '<bpmn:signalEventDefinition signalRef="s" />')
    inside = node("startEvent", "start") + wait + node("userTask", "next") + node("endEvent", "end") + chain("start", "wait", "next", "end")
    deploy(rest, (f"{name}.bpmn", diagram(name, inside, before=f'<bpmn:signal id="s" name="{name}" />')))
    numbers = [start(rest, name), start(rest, name)]

    answer = rest.post("/signal", json={"name": name, "variables": {"heard": {"value": 1}}})

    assert answer.status_code == 204
    assert [stands_at(rest, each) for each in numbers] == [["next"], ["next"]]
    assert rest.get(f"/process-instance/{numbers[0]}/variables/heard").json()["value"] == 1
    assert rest.post("/signal", json={"name": name, "executionId": "1"}).status_code == 400


# ---- incidents


def test_an_incident_is_shown_and_resolved(rest: Caller) -> None:
    name = f"i-{uuid4().hex[:12]}"
    broken = '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${ready}</bpmn:conditionExpression>'
    inside = (
        node("startEvent", "start") + node("exclusiveGateway", "split") + node("userTask", "next") + node("endEvent", "end")
        + chain("start", "split") + chain("next", "end")
        + f'<bpmn:sequenceFlow id="f" sourceRef="split" targetRef="next">{broken}</bpmn:sequenceFlow>'
    )  # fmt: skip
    deploy(rest, (f"{name}.bpmn", diagram(name, inside)))
    number = start(rest, name)
    [incident] = rest.get(f"/incident?processInstanceId={number}").json()
    assert (incident["incidentType"], incident["activityId"]) == ("failedJob", "split")
    assert rest.get(f"/incident/{incident['id']}").json() == incident
    assert rest.get(f"/incident/count?processInstanceId={number}&incidentType=failedExternalTask").json() == {"count": 0}
    tree = rest.get(f"/process-instance/{number}/activity-instances").json()
    assert [each["incidentIds"] for each in tree["childActivityInstances"]] == [[incident["id"]]]
    rest.put(f"/process-instance/{number}/variables/ready", json={"value": True, "type": "Boolean"})

    assert rest.delete(f"/incident/{incident['id']}").status_code == 204

    assert stands_at(rest, number) == ["next"]
    assert rest.delete(f"/incident/{incident['id']}").status_code == 404


# ---- decisions


def test_a_decision_is_found_and_evaluated(rest: Caller) -> None:
    body = deploy(rest, ("rates.dmn", TABLE.encode()))
    [definition] = body["deployedDecisionDefinitions"].values()
    [requirements] = body["deployedDecisionRequirementsDefinitions"].values()
    assert (definition["key"], definition["decisionRequirementsDefinitionId"]) == ("rate", requirements["id"])
    assert rest.get("/decision-definition?key=rate&latestVersion=true").json() == [definition]
    assert rest.get(f"/decision-definition/{definition['id']}").json() == definition
    assert "decisionTable" in rest.get("/decision-definition/key/rate/xml").json()["dmnXml"]

    sent = {"variables": {"amount": {"value": 120, "type": "Integer"}}}
    answer = rest.post("/decision-definition/key/rate/evaluate", json=sent)

    assert answer.status_code == 200, answer.text
    assert [(row["kind"]["value"], row["share"]["value"]) for row in answer.json()] == [("any", 0.5), ("high", 1)]
    assert answer.json()[0]["share"]["type"] == "Double"
    assert rest.post(f"/decision-definition/{definition['id']}/evaluate", json=sent).json() == answer.json()
    assert rest.post("/decision-definition/key/none/evaluate", json=sent).status_code == 404
    assert rest.get("/decision-definition/none:1:1").status_code == 404


# ---- history


def test_activities_and_tasks_that_are_over_are_found(rest: Caller, key: str) -> None:
    number = start(rest, key)
    moved = {"instructions": [{"type": "cancel", "activityId": "first"}, {"type": "startBeforeActivity", "activityId": "second"}]}
    rest.post(f"/process-instance/{number}/modification", json=moved)

    activities = rest.get(f"/history/activity-instance?processInstanceId={number}&sortBy=occurrence&sortOrder=asc").json()

    assert [(each["activityId"], each["activityType"], each["canceled"]) for each in activities] == [
        ("start", "startEvent", False), ("first", "userTask", True), ("second", "userTask", False),
    ]  # fmt: skip
    assert activities[1]["taskId"] is not None
    assert activities[2]["endTime"] is None
    assert rest.get(f"/history/activity-instance/{activities[1]['id']}").json()["activityId"] == "first"
    assert rest.get(f"/history/activity-instance/count?processInstanceId={number}&canceled=true").json() == {"count": 1}
    tasks = rest.get(f"/history/task?processInstanceId={number}&sortBy=startTime&sortOrder=asc").json()
    assert [(each["taskDefinitionKey"], each["deleteReason"], each["taskState"]) for each in tasks] == [
        ("first", "deleted", "Deleted"), ("second", None, "Created"),
    ]  # fmt: skip
    assert rest.post("/history/task", json={"processInstanceId": number, "finished": True}).json() == tasks[:1]
    assert rest.get(f"/history/task/count?processInstanceId={number}&unfinished=true").json() == {"count": 1}
    assert rest.get("/history/process-instance/1").status_code == 404
    assert rest.get("/history/activity-instance/x:1").status_code == 404


# ---- regions


def test_a_case_of_another_region_is_begun_found_and_moved_by_those_who_reach_it(rest: Caller, key: str) -> None:
    started = rest.post(f"/process-definition/key/{key}/tenant-id/JB/start", json={"variables": {"n": {"value": 1}}})
    assert (started.status_code, started.json()["tenantId"]) == (200, "JB")
    there, here = started.json()["id"], start(rest, key)

    listed = rest.get(f"/process-instance?processDefinitionKey={key}").json()
    assert {each["id"]: each["tenantId"] for each in listed} == {there: "JB", here: None}
    for asked, finds in (("tenantIdIn=JB", [there]), ("withoutTenantId=true", [here]), ("tenantIdIn=JA,JB", [there, here])):
        found = rest.get(f"/process-instance?processDefinitionKey={key}&{asked}").json()
        assert {each["id"] for each in found} == set(finds)
        assert rest.get(f"/history/process-instance/count?processDefinitionKey={key}&{asked}").json() == {"count": len(finds)}
        assert rest.get(f"/task/count?processDefinitionKey={key}&{asked}").json() == {"count": len(finds)}

    [task] = rest.get(f"/task?processInstanceId={there}").json()
    assert (task["tenantId"], rest.get(f"/task/{task['id']}").json()) == ("JB", task)
    assert rest.get(f"/process-instance/{there}/variables/n").json()["value"] == 1
    assert rest.put(f"/process-instance/{there}/variables/n", json={"value": 2}).status_code == 204
    [variable] = rest.get(f"/variable-instance?processInstanceIdIn={there}&variableName=n").json()
    assert (variable["value"], variable["tenantId"]) == (2, "JB")
    assert rest.get(f"/history/activity-instance/count?processInstanceId={there}").json() == {"count": 2}
    assert rest.delete(f"/process-instance/{there}").status_code == 204
    assert rest.get(f"/history/process-instance/{there}").json()["state"] == "EXTERNALLY_TERMINATED"


def test_a_program_of_one_region_reaches_no_other(locked: Caller) -> None:
    name, admin = f"o-{uuid4().hex[:12]}", as_person("admin")
    assert locked.post("/deployment/create", **parts((f"{name}.bpmn", two_steps(name))), **admin).status_code == 200
    there = locked.post(f"/process-definition/key/{name}/tenant-id/JB/start", json={}, **admin).json()["id"]
    made, secret = programs.add(locked.app.state.authority, f"p{name}", scopes=list(set(Scope) - {Scope.DEPLOY, Scope.TASKS}), region="JA")  # type: ignore[attr-defined]
    program = {"auth": (made.name, secret)}

    assert locked.get(f"/process-instance?processDefinitionKey={name}", **program).json() == []
    for path in (f"/process-instance/{there}", f"/process-instance/{there}/variables", f"/history/process-instance/{there}"):
        assert locked.get(path, **program).status_code == 404
    assert locked.delete(f"/process-instance/{there}", **program).status_code == 404
    assert locked.post(f"/process-definition/key/{name}/tenant-id/JB/start", json={}, **program).status_code == 404


# ---- all routes


def test_every_route_asks_for_credentials_where_they_are_needed(locked: Caller) -> None:
    asked = 0
    for route in (route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)):
        path = route.path
        if not path.startswith(REST):
            continue
        for part in ("given", "key", "tenant", "name", "number", "resource"):
            path = path.replace(f"{{{part}}}", "1")
        for method in route.methods:
            answer = super(Caller, locked).request(method, path)
            assert (answer.status_code, method, path) == (401, method, path)
            assert answer.json().keys() == {"type", "message", "code"}
            asked += 1
    assert asked > 90


def test_an_address_that_there_is_not_is_told_in_the_same_form(rest: Caller) -> None:
    answer = rest.get("/no-such-noun")

    assert answer.status_code == 404
    assert answer.json().keys() == {"type", "message", "code"}


@pytest.mark.parametrize(
    "path",
    [
        "/process-definition?colour=red", "/process-instance?sortBy=instanceId", "/task?maxResults=-1", "/incident?sortOrder=asc",
        "/history/process-instance?startedAfter=yesterday", "/deployment?source=x", "/decision-definition?version=one",
        "/variable-instance?variableValues=a_eq_1", "/history/task?colour=red", "/history/activity-instance?finished=maybe",
    ],
)  # fmt: skip
def test_a_filter_that_is_not_served_is_refused_not_passed_over(rest: Caller, path: str) -> None:
    answer = rest.get(path)

    assert (answer.status_code, answer.json()["type"]) == (400, "InvalidRequestException")


def test_an_officer_sees_the_cases_of_her_office_and_operates_nothing(locked: Caller) -> None:
    officer, admin = as_person("ja-01-handler"), as_person("admin")
    name = f"o-{uuid4().hex[:12]}"
    assert locked.post("/deployment/create", **parts((f"{name}.bpmn", two_steps(name))), **admin).status_code == 200
    mine, other = (
        locked.post(
            f"/process-definition/key/{name}/start", json={"variables": {"townshipCode": {"value": code}}}, **admin
        ).json()["id"]
        for code in ("JA-01", "JA-02")
    )

    listed = locked.get(f"/process-instance?processDefinitionKey={name}", **officer).json()

    assert [each["id"] for each in listed] == [mine]
    assert locked.get(f"/process-instance/{mine}/activity-instances", **officer).status_code == 200
    for path in (f"/process-instance/{other}", f"/process-instance/{other}/activity-instances", f"/history/process-instance/{other}"):
        assert locked.get(path, **officer).status_code == 404
    for path in (
        "/incident", "/history/activity-instance", "/variable-instance", f"/history/variable-instance?processInstanceId={mine}",
        f"/process-instance/{mine}/variables", f"/process-instance/{mine}/variables/x", "/process-instance?variables=a_eq_1",
        "/history/process-instance?variables=a_eq_1", "/task?processVariables=a_eq_1", "/task?taskVariables=a_eq_1",
    ):
        assert (path, locked.get(path, **officer).status_code) == (path, 403)
    for answer in (
        locked.delete(f"/process-instance/{mine}", **officer),
        locked.put(f"/process-instance/{mine}/variables/x", json={"value": 1}, **officer),
        locked.post("/message", json={"messageName": "x"}, **officer),
        locked.post(f"/process-definition/key/{name}/start", json={}, **as_person("ja-auditor")),
    ):
        assert answer.status_code in (401, 403)
    assert locked.post(f"/process-definition/key/{name}/start", json={}, **officer).status_code == 404
