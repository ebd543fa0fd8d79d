"""What is done to instances and their data at /v2, and files beside them."""

from typing import Any

import pytest

from tests.camunda8.serving import Rest

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def started(rest: Rest, number: str) -> str:
    body = {"processDefinitionId": "permit", "variables": {"permitNo": number, "townshipCode": "JA-01"}}
    return str(rest.post("/process-instances", body)["processInstanceKey"])


def stays(rest: Rest, instance: str, **where: str) -> dict[str, Any]:
    """The newest stay at each element of an instance."""
    items = rest.post("/element-instances/search", {"filter": {"processInstanceKey": instance, **where}})["items"]
    return {each["elementId"]: each for each in items}


def state(rest: Rest, instance: str) -> str:
    return str(rest("GET", f"/process-instances/{instance}", status=200).json()["state"])


def test_an_instance_is_moved_from_one_element_to_another(rest: Rest) -> None:
    instance = started(rest, "O-1")
    move = {"sourceElementInstruction": {"sourceType": "byId", "sourceElementId": "measure"}, "targetElementId": "paid"}
    rest("POST", f"/process-instances/{instance}/modification", {"moveInstructions": [move]}, status=204)

    found = stays(rest, instance)
    assert (found["measure"]["state"], found["paid"]["state"]) == ("TERMINATED", "ACTIVE")


def test_elements_are_activated_with_variables_and_terminated_by_key(rest: Rest) -> None:
    instance = started(rest, "O-2")
    key = stays(rest, instance)["measure"]["elementInstanceKey"]
    body = {
        "activateInstructions": [
            {
                "elementId": "decide",
                "variableInstructions": [{"variables": {"area": 3}}],
                "ancestorElementInstanceKey": "-1",
            }
        ],
        "terminateInstructions": [{"elementInstanceKey": key}],
    }
    rest("POST", f"/process-instances/{instance}/modification", body, status=204)

    assert {each["state"] for each in stays(rest, instance, elementId="decide").values()} == {"ACTIVE"}
    (area,) = rest.post("/variables/search", {"filter": {"processInstanceKey": instance, "name": "area"}})["items"]
    assert area["value"] == "3"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "Nothing"),
        ({"activateInstructions": [{"elementId": "nowhere"}]}, "nowhere"),
        ({"terminateInstructions": [{"elementId": "decide"}]}, "decide"),
        ({"terminateInstructions": [{}]}, "Exactly one"),
        ({"activateInstructions": [{"elementId": "decide", "variableInstructions": [{"variables": {}, "scopeId": "decide"}]}]}, "scopeId"),
    ],
)  # fmt: skip
def test_a_modification_that_cannot_be_meant_changes_nothing(rest: Rest, body: dict[str, Any], named: str) -> None:
    instance = started(rest, "O-3")
    before = stays(rest, instance)
    answer = rest("POST", f"/process-instances/{instance}/modification", body)

    assert (answer.status_code in (400, 404), named in answer.json()["detail"]) == (True, True)
    assert stays(rest, instance) == before


def test_an_instance_rests_and_goes_on(rest: Rest) -> None:
    instance = started(rest, "O-4")
    rest("POST", f"/process-instances/{instance}/suspension", {}, status=204)
    resting = rest("GET", f"/process-instances/{instance}", status=200).json()
    again = rest("POST", f"/process-instances/{instance}/suspension", {}, status=409).json()
    rest("POST", f"/process-instances/{instance}/resumption", status=204)

    assert (resting["state"], resting["suspendedDate"], again["title"]) == (
        "SUSPENDED",
        resting["startDate"],
        "INVALID_STATE",
    )
    assert state(rest, instance) == "ACTIVE"


def test_variables_are_written_outward_or_into_a_scope(rest: Rest) -> None:
    instance = started(rest, "O-5")
    scope = stays(rest, instance)["measure"]["elementInstanceKey"]
    rest("PUT", f"/element-instances/{scope}/variables", {"variables": {"seen": 1}, "local": True}, status=204)
    rest("PUT", f"/element-instances/{scope}/variables", {"variables": {"permitNo": "O-5b"}}, status=204)
    rest("PUT", f"/element-instances/{instance}/variables", {"variables": {"more": [1.5, None]}}, status=204)

    items = rest.post("/variables/search", {"filter": {"processInstanceKey": instance}})["items"]
    found = {(each["name"], each["scopeKey"]): each["value"] for each in items}
    assert (found["seen", scope], found["permitNo", instance], found["more", instance]) == ("1", '"O-5b"', "[1.5,null]")


@pytest.mark.parametrize("name", ["", "#done", "x" * 256])
def test_a_name_that_no_variable_can_have_is_refused(rest: Rest, name: str) -> None:
    instance = started(rest, "O-6")

    rest("PUT", f"/element-instances/{instance}/variables", {"variables": {name: 1}}, status=400)


def test_the_flows_and_the_elements_of_an_instance_are_counted(rest: Rest) -> None:
    instance = started(rest, "O-7")
    flows = rest("GET", f"/process-instances/{instance}/sequence-flows", status=200).json()["items"]
    counts = rest("GET", f"/process-instances/{instance}/statistics/element-instances", status=200).json()["items"]
    process = rest("GET", f"/process-instances/{instance}", status=200).json()["processDefinitionKey"]
    of_version = rest.post(f"/process-definitions/{process}/statistics/element-instances", {})["items"]

    assert [each["elementId"] for each in flows] == ["f1"]
    assert {each["elementId"]: (each["active"], each["completed"]) for each in counts} == {
        "start": (0, 1),
        "measure": (1, 0),
    }
    assert {each["elementId"] for each in of_version} >= {"start", "measure"}


def test_a_message_with_an_id_is_taken_once(rest: Rest) -> None:
    body = {"name": "permit-paid", "correlationKey": "nobody", "timeToLive": 60_000, "messageId": "M-1"}
    assert rest.post("/messages/publication", body)["messageKey"]

    assert "M-1" in rest("POST", "/messages/publication", body, status=400).json()["detail"]
    assert (
        rest("POST", "/messages/correlation", {"name": "permit-paid", "correlationKey": "X"}, status=404).json()[
            "title"
        ]
        == "NOT_FOUND"
    )


def test_a_file_is_kept_and_given_back(rest: Rest) -> None:
    sent = rest.client.post(
        "/documents", files={"file": ("a/b.png", PNG, "image/png")}, data={"metadata": '{"fileName":"图.png"}'}
    )
    told = sent.json()
    got = rest("GET", f"/documents/{told['documentId']}?contentHash={told['contentHash']}", status=200)

    assert (sent.status_code, told["metadata"]["fileName"], told["metadata"]["size"]) == (201, "图.png", len(PNG))
    assert (got.content, got.headers["content-type"]) == (PNG, "application/octet-stream")
    rest("GET", f"/documents/{told['documentId']}?contentHash=0", status=404)
    rest("DELETE", f"/documents/{told['documentId']}", status=405)


def test_of_several_files_those_that_cannot_be_kept_are_told(rest: Rest) -> None:
    parts = [("files", ("a.png", PNG, "image/png")), ("files", ("b.exe", b"MZ", "application/x-msdownload"))]
    answer = rest.client.post("/documents/batch", files=parts)

    told = answer.json()
    assert (answer.status_code, len(told["createdDocuments"])) == (207, 1)
    assert [(each["fileName"], each["status"]) for each in told["failedDocuments"]] == [("b.exe", 415)]


def test_a_file_of_a_type_that_is_not_taken_is_refused(rest: Rest) -> None:
    assert (
        rest.client.post("/documents", files={"file": ("b.exe", b"MZ", "application/x-msdownload")}).status_code == 415
    )
    assert rest.client.post("/documents", files={"file": ("b.png", b"MZ", "image/png")}).status_code == 400


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "Exactly one"),
        ({"processDefinitionId": "nothing"}, "nothing"),
        ({"processDefinitionId": "quick", "processDefinitionVersion": 99}, "version"),
        ({"processDefinitionKey": "99"}, "99"),
        ({"processDefinitionId": "quick", "tags": ["a"]}, "tags"),
        ({"processDefinitionId": "quick", "startInstructions": [{"elementId": "nowhere"}]}, "nowhere"),
        ({"processDefinitionId": "quick", "runtimeInstructions": [{"afterElementId": "nowhere"}]}, "nowhere"),
        ({"processDefinitionId": "quick", "variables": {"#x": 1}}, "#x"),
        ({"processDefinitionId": "quick", "colour": "red"}, "colour"),
    ],
)
def test_a_start_that_cannot_be_meant_is_refused(rest: Rest, body: dict[str, Any], named: str) -> None:
    assert named in rest("POST", "/process-instances", body, status=400).json()["detail"]


def test_an_earlier_version_is_started_by_its_number(rest: Rest) -> None:
    body = {"processDefinitionId": "quick", "processDefinitionVersion": 1, "variables": {"n": 1}}

    assert rest.post("/process-instances", body)["processDefinitionVersion"] == 1
    assert rest.post("/process-instances", {**body, "processDefinitionVersion": -1})["processDefinitionId"] == "quick"
