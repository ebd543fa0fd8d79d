"""Searches: every field that Camunda's description names is understood, and what is asked for is what is found."""

from datetime import datetime
from typing import Any

import pytest

from tests.camunda8 import spec
from tests.camunda8.serving import Rest

# Said on docs/camunda-api.md.
NOT_UNDERSTOOD = {("searchProcessInstances", "hasRetriesLeft"), ("searchProcessInstances", "elementInstanceState")}
SAMPLES: dict[str, Any] = {"boolean": True, "integer": 1, "string": "1"}


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema without references at its head; of alternatives the plain value."""
    while True:
        if "$ref" in schema:
            schema = spec.needed()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        elif "oneOf" in schema or "anyOf" in schema:
            schema = (schema.get("oneOf") or schema["anyOf"])[0]
        elif len(schema.get("allOf", ())) == 1 and "properties" not in schema:
            schema = schema["allOf"][0]
        else:
            return schema


def members(schema: dict[str, Any]) -> dict[str, Any]:
    found = resolved(schema)
    own = dict(found.get("properties", {}))
    for part in found.get("allOf", ()):
        own |= members(part)
    return own


def sample(schema: dict[str, Any]) -> Any:
    found = resolved(schema)
    if "enum" in found:
        return found["enum"][0]
    if found.get("format") == "date-time":
        return "2026-01-01T00:00:00Z"
    if found.get("type") == "array":
        return [{"name": "x", "value": "1"}] if members(found["items"]).keys() == {"name", "value"} else []
    if found.get("type") == "object":
        return {}
    return SAMPLES[found["type"]]


def searches() -> list[Any]:
    try:
        both = sorted(each for each in spec.served() if each[1].endswith("/search"))
        operations = spec.operations()
    except pytest.skip.Exception as reason:
        return [pytest.param("", "", {}, marks=pytest.mark.skip(reason=str(reason)))]
    found = []
    for each in both:
        name, path = operations[each]["operationId"], each[1]
        body = members(operations[each]["requestBody"]["content"]["application/json"]["schema"])
        for field, schema in members(body["filter"]).items() if "filter" in body else ():
            asked = {"filter": {field: sample(schema)}}
            found.append(pytest.param(path, name, asked, id=f"{name}-filter-{field}"))
        for field in resolved(members(resolved(body["sort"])["items"])["field"])["enum"] if "sort" in body else ():
            asked = {"sort": [{"field": field, "order": "DESC"}]}
            found.append(pytest.param(path, name, asked, id=f"{name}-sort-{field}"))
    return found


@pytest.fixture(scope="module")
def keys(rest: Rest) -> dict[str, str]:
    """A case that waits for a person."""
    body = {
        "processDefinitionId": "permit",
        "businessId": "B-S",
        "variables": {"permitNo": "S-1", "townshipCode": "JA-01", "long": "x" * 9000},
    }
    instance = rest.post("/process-instances", body)["processInstanceKey"]
    (job,) = rest.post("/jobs/activation", {"type": "permit-measure", "timeout": 9000, "maxJobsToActivate": 9})["jobs"]
    rest("POST", f"/jobs/{job['jobKey']}/completion", {}, status=204)
    (task,) = rest.post("/user-tasks/search", {"filter": {"processInstanceKey": instance}})["items"]
    stays = rest.post("/element-instances/search", {"filter": {"processInstanceKey": instance, "elementId": "decide"}})[
        "items"
    ]
    return {
        "processInstanceKey": instance,
        "userTaskKey": task["userTaskKey"],
        "elementInstanceKey": stays[0]["elementInstanceKey"],
    }


@pytest.mark.parametrize(("path", "name", "asked"), searches())
def test_every_field_is_understood(
    rest: Rest, keys: dict[str, str], path: str, name: str, asked: dict[str, Any]
) -> None:
    field = next(iter(asked.get("filter", {})), None)
    status = 400 if (name, field) in NOT_UNDERSTOOD else 200

    rest("POST", path.format(**keys), asked, status=status)


def found(rest: Rest, noun: str, where: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = rest.post(f"/{noun}/search", {"filter": where, **more})["items"]
    return items


@pytest.mark.parametrize(
    ("where", "fits"),
    [
        ({"state": "active"}, True),
        ({"state": {"$in": ["COMPLETED", "TERMINATED"]}}, False),
        ({"state": {"$neq": "COMPLETED"}}, True),
        ({"state": {"$like": "ACT*"}}, True),
        ({"businessId": {"$like": "B-?"}}, True),
        ({"businessId": {"$like": "b-?"}}, False),
        ({"businessId": {"$exists": False}}, False),
        ({"endDate": {"$exists": False}}, True),
        ({"startDate": {"$gte": "2026-02-14T20:00:00+08:00"}}, True),
        ({"startDate": {"$lt": "2026-02-14T12:00:00Z"}}, False),
        ({"variables": [{"name": "permitNo", "value": '"S-1"'}]}, True),
        ({"variables": [{"name": "permitNo", "value": {"$like": '"S-*"'}}]}, True),
        ({"variables": [{"name": "permitNo", "value": '"S-2"'}]}, False),
        ({"tenantId": "<default>"}, True),
        ({"tenantId": "JB"}, False),
        ({"elementId": "decide"}, True),
        ({"elementId": "measure"}, False),
        ({"parentProcessInstanceKey": {"$exists": True}}, False),
        ({"$or": [{"state": "COMPLETED"}, {"businessId": "B-S", "state": "ACTIVE"}]}, True),
        ({"$or": [{"state": "COMPLETED"}, {"businessId": "B-X"}]}, False),
        ({"tags": []}, True),
        ({"batchOperationKey": "1"}, False),
    ],
)
def test_instances_are_found_by_what_they_are(
    rest: Rest, keys: dict[str, str], where: dict[str, Any], fits: bool
) -> None:
    assert bool(found(rest, "process-instances", {"processInstanceKey": keys["processInstanceKey"], **where})) is fits


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"filter": {"colour": "red"}}, "colour"),
        ({"filter": {"state": "SLEEPING"}}, "state"),
        ({"filter": {"startDate": "yesterday"}}, "startDate"),
        ({"filter": {"processInstanceKey": 7}}, "processInstanceKey"),
        ({"filter": {"state": {"$gt": "ACTIVE"}}}, "$gt"),
        ({"filter": {"processDefinitionId": {"$near": "x"}}}, "$near"),
        ({"sort": [{"field": "colour"}]}, "colour"),
        ({"sort": [{"field": "state", "order": "UP"}]}, "order"),
        ({"page": {"from": 0, "after": "W10="}}, "page"),
        ({"page": {"after": "?"}}, "cursor"),
        ({"page": {"limit": -1}}, "limit"),
        ({"pages": {}}, "pages"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_named(
    rest: Rest, keys: dict[str, str], body: dict[str, Any], named: str
) -> None:
    assert named in rest("POST", "/process-instances/search", body, status=400).json()["detail"]


def test_pages_follow_one_another_without_gap_or_double(rest: Rest, keys: dict[str, str]) -> None:
    whole = [
        each["elementInstanceKey"]
        for each in found(rest, "element-instances", {"processInstanceKey": keys["processInstanceKey"]})
    ]
    body: dict[str, Any] = {"filter": {"processInstanceKey": keys["processInstanceKey"]}, "page": {"limit": 2}}
    seen: list[str] = []
    while items := (page := rest.post("/element-instances/search", body))["items"]:
        seen += [each["elementInstanceKey"] for each in items]
        body["page"] = {"limit": 2, "after": page["page"]["endCursor"]}

    assert (seen, page["page"]["totalItems"]) == (whole, len(whole))


def test_a_long_value_is_cut_short_in_lists_and_whole_by_itself(rest: Rest, keys: dict[str, str]) -> None:
    where = {"processInstanceKey": keys["processInstanceKey"], "name": "long"}
    (cut,) = found(rest, "variables", where)
    (whole,) = rest.post("/variables/search?truncateValues=false", {"filter": where})["items"]

    assert (len(cut["value"]), cut["isTruncated"], len(whole["value"]), whole["isTruncated"]) == (
        8191,
        True,
        9002,
        False,
    )
    assert len(rest("GET", f"/variables/{cut['variableKey']}", status=200).json()["value"]) == 9002
    assert found(rest, "variables", {**where, "isTruncated": False}) == []


def test_who_waits_for_a_message_is_found_since_when(rest: Rest, keys: dict[str, str]) -> None:
    task = keys["userTaskKey"]
    rest("POST", f"/user-tasks/{task}/assignment", {"assignee": "ja-01-handler"}, status=204)
    rest("POST", f"/user-tasks/{task}/completion", {"variables": {"area": 5}}, status=204)

    (one,) = found(rest, "message-subscriptions", {"processInstanceKey": keys["processInstanceKey"]})
    assert (one["messageName"], one["correlationKey"], one["messageSubscriptionType"]) == (
        "permit-paid",
        "S-1",
        "PROCESS_EVENT",
    )
    assert datetime.fromisoformat(one["lastUpdatedDate"])
    assert (
        found(
            rest,
            "message-subscriptions",
            {"messageName": "permit-paid", "lastUpdatedDate": {"$lt": "2020-01-01T00:00:00Z"}},
        )
        == []
    )
