"""The operations that we serve, asked with whatever Camunda's own description allows and with what it does not (schemathesis).

No answer is a failure of ours, has a status that the description does not name for the operation, or a body outside its schema.
`YIMEN_TEST_EXAMPLES` says how many requests of each kind an operation gets; the default is for every run.
"""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.camunda8 import spec
from tests.camunda8.serving import Rest

EXAMPLES = int(os.environ.get("YIMEN_TEST_EXAMPLES", "3"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# Every operation answers so where an address cannot be read, credentials are asked for or a right is missing; some leave it out.
ALWAYS = ("400", "401", "403")
# Requests that are answered when there is something to answer.
HELD_OPEN = ("/jobs/activation", "/process-instances")
# Time would be moved for all tests at once; multipart bodies are tested by hand.
BY_HAND = {
    ("PUT", "/clock"),
    ("POST", "/clock/reset"),
    ("POST", "/deployments"),
    ("POST", "/documents"),
    ("POST", "/documents/batch"),
}


def asked() -> list[Any]:
    try:
        both = spec.served().keys() & spec.operations().keys()
    except pytest.skip.Exception as reason:
        return [pytest.param("", "", marks=pytest.mark.skip(reason=str(reason)))]
    return [pytest.param(*each, id=" ".join(each)) for each in sorted(both - BY_HAND)]


@pytest.fixture(scope="module")
def schema(address: str) -> Any:
    """What is described of the operations that we serve."""
    narrowed = spec.only(set(spec.served()))
    for item in narrowed["paths"].values():
        for operation in (item[method] for method in spec.METHODS if method in item):
            for status in ALWAYS:
                refused = {"description": "refused", "content": {"application/problem+json": {}}}
                operation["responses"].setdefault(status, refused)
    # Two kinds of keys that look the same, and exactly one of them allowed: no key meets that. Either will do.
    for shape in ("VariableResult", "VariableSearchResult"):
        key = narrowed["components"]["schemas"][shape]["properties"]["scopeKey"]
        key["anyOf"] = key.pop("oneOf")
    narrowed["servers"] = [{"url": f"{address}/v2"}]
    return openapi.from_dict(narrowed)


@pytest.fixture(scope="module")
def known(rest: Rest) -> dict[str, str]:
    """Path parameters that mean something: a case that waits for a person, one that stands still, and what belongs to them."""
    body = {"processDefinitionId": "permit", "variables": {"permitNo": "C-1", "townshipCode": "JA-01"}}
    waiting, still = (rest.post("/process-instances", body) for _ in range(2))
    jobs = rest.post("/jobs/activation", {"type": "permit-measure", "timeout": 1000, "maxJobsToActivate": 2})["jobs"]
    keys = {job["processInstanceKey"]: job["jobKey"] for job in jobs}
    rest("POST", f"/jobs/{keys[waiting['processInstanceKey']]}/completion", {}, status=204)
    rest("POST", f"/jobs/{keys[still['processInstanceKey']]}/failure", {"retries": 0}, status=204)

    def first(noun: str, key: str, **where: str) -> str:
        return str(rest.post(f"/{noun}/search", {"filter": where})["items"][0][key])

    return {
        "processInstanceKey": str(waiting["processInstanceKey"]),
        "processDefinitionKey": str(waiting["processDefinitionKey"]),
        "jobKey": keys[still["processInstanceKey"]],
        "incidentKey": first("incidents", "incidentKey", processInstanceKey=still["processInstanceKey"]),
        "userTaskKey": first("user-tasks", "userTaskKey", processInstanceKey=waiting["processInstanceKey"]),
        "elementInstanceKey": first(
            "element-instances",
            "elementInstanceKey",
            processInstanceKey=still["processInstanceKey"],
            elementId="measure",
        ),
        "variableKey": first("variables", "variableKey", processInstanceKey=waiting["processInstanceKey"]),
        "decisionDefinitionKey": first("decision-definitions", "decisionDefinitionKey"),
        "decisionRequirementsKey": first("decision-requirements", "decisionRequirementsKey"),
        "formKey": first("user-tasks", "formKey", processInstanceKey=waiting["processInstanceKey"]),
    }


@pytest.mark.parametrize(("method", "path"), asked())
def test_every_answer_is_as_described(schema: Any, address: str, known: dict[str, str], method: str, path: str) -> None:
    takes = spec.operations()[method, path]
    ask(schema[path][method], address, GenerationMode.POSITIVE, {})
    if "{" in path:
        ask(schema[path][method], address, GenerationMode.POSITIVE, known)
    if takes.get("parameters") or "requestBody" in takes:
        ask(schema[path][method], address, GenerationMode.NEGATIVE, known)


def ask(operation: Any, address: str, mode: GenerationMode, known: dict[str, str]) -> None:
    """Ask with what is allowed, or with what is not; path parameters that are known take the place of made-up ones."""

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def examine(case: Any) -> None:
        case.path_parameters = {name: known.get(name, value) for name, value in (case.path_parameters or {}).items()}
        if operation.path in HELD_OPEN and isinstance(case.body, dict):
            _hurry(case.body)
        answer = case.call(base_url=f"{address}/v2", timeout=30)
        case.validate_response(answer, checks=CHECKS)

    examine()


def _hurry(body: dict[str, Any]) -> None:
    """Let nobody wait for long for what will not come; what is no number stays as it is."""
    wished = body.get("requestTimeout", 0)
    if isinstance(wished, int) and not isinstance(wished, bool):
        body["requestTimeout"] = min(wished, 100) or 100
