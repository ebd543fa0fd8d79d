"""The whole way of a case through /v2, and searches by every kind of field, on either database."""

from contextlib import closing
from pathlib import Path
from typing import Any

from api.main import create_app
from tests.api.people import START, set_clock, settings_for
from tests.camunda8.serving import Rest, serving


def test_a_case_is_started_worked_on_and_found_on_either_database(demo_database_url: str, tmp_path: Path) -> None:
    settings = settings_for(demo_database_url, tmp_path)
    set_clock(settings, START)
    app = create_app(settings, static=tmp_path / "no-client")
    with serving(app) as address, closing(Rest(address)) as rest:
        rest.deploy("permit.bpmn", "quick.bpmn", "permit.form", "fee.dmn")
        body = {
            "processDefinitionId": "permit",
            "variables": {"permitNo": "D-1", "townshipCode": "JA-01"},
            "businessId": "B_1",
        }
        instance = rest.post("/process-instances", body)["processInstanceKey"]
        (job,) = rest.post("/jobs/activation", {"type": "permit-measure", "timeout": 60_000, "maxJobsToActivate": 5})[
            "jobs"
        ]
        rest("POST", f"/jobs/{job['jobKey']}/failure", {"retries": 0, "errorMessage": "torn"}, status=204)
        (incident,) = found(rest, "incidents", {"processInstanceKey": instance, "state": "ACTIVE"})
        rest("POST", f"/incidents/{incident['incidentKey']}/resolution", status=204)
        (job,) = rest.post("/jobs/activation", {"type": "permit-measure", "timeout": 60_000, "maxJobsToActivate": 5})[
            "jobs"
        ]
        rest("POST", f"/jobs/{job['jobKey']}/completion", {"variables": {"area": 9}}, status=204)

        (task,) = found(
            rest,
            "user-tasks",
            {"processInstanceVariables": [{"name": "area", "value": "9"}], "candidateGroup": "case-handler"},
        )
        rest("POST", f"/user-tasks/{task['userTaskKey']}/assignment", {"assignee": "ja-01-handler"}, status=204)
        rest("POST", f"/user-tasks/{task['userTaskKey']}/completion", {"variables": {"area": 10}}, status=204)
        (waits,) = found(
            rest, "message-subscriptions", {"messageSubscriptionType": "PROCESS_EVENT", "correlationKey": "D-1"}
        )
        rest.post("/messages/correlation", {"name": waits["messageName"], "correlationKey": "D-1"})

        over = {
            "state": "COMPLETED",
            "businessId": {"$like": "B?1"},
            "endDate": {"$exists": True},
            "startDate": {"$lte": "2026-12-31T00:00:00Z"},
        }
        (ended,) = found(rest, "process-instances", over, sort=[{"field": "endDate", "order": "DESC"}])
        assert ended["processInstanceKey"] == instance
        assert found(rest, "process-instances", {"businessId": {"$like": "b*"}}) == []
        assert [each["state"] for each in found(rest, "jobs", {"processInstanceKey": instance})] == ["COMPLETED"]
        assert [
            each["state"] for each in found(rest, "user-tasks", {"state": "COMPLETED", "assignee": "ja-01-handler"})
        ] == ["COMPLETED"]
        assert found(rest, "incidents", {"processInstanceKey": instance})[0]["state"] == "RESOLVED"
        assert {each["name"]: each["value"] for each in found(rest, "variables", {"processInstanceKey": instance})}[
            "area"
        ] == "10"


def found(rest: Rest, noun: str, where: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = rest.post(f"/{noun}/search", {"filter": where, **more})["items"]
    return items
