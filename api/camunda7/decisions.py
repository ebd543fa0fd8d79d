"""/engine-rest/decision-definition: tables that are deployed, and evaluating them."""

from typing import Any

from fastapi import Request, Response

from api import access
from api.access import Scope, open_read
from api.camunda7.door import count, definition_id, id_of, number_in, reply, router_of
from api.camunda7.errors import RestError
from api.camunda7.lists import Lookup, among, equal, given_in, if_true, like, number_of, whole
from api.camunda7.values import all_typed, plain
from api.parameters import Body
from casework import outside
from casework.act import Act
from engine.errors import ModelError
from engine.search import Condition, FoundDefinition, FoundRequirements, Op, Query, Sort

router = router_of("/decision-definition")

_LOOKUP = Lookup(
    {
        "decisionDefinitionId": equal("id", number_of), "decisionDefinitionIdIn": among("id", number_of),
        "key": equal("key"), "keyLike": like("key"), "name": equal("name"), "nameLike": like("name"),
        "version": equal("version", whole), "latestVersion": if_true(Condition("is_latest", Op.EQ, True)),
        "deploymentId": equal("deployment_id", number_of), "resourceName": equal("resource_name"),
        "resourceNameLike": like("resource_name"), "versionTag": equal("version_tag"), "withoutTenantId": if_true(),
        "includeDecisionDefinitionsWithoutTenantId": if_true(),
    },
    {
        "id": "id", "key": "key", "name": "name", "version": "version", "deploymentId": "deployment_id",
        "versionTag": "version_tag", "category": "key", "tenantId": "id",
    },
)  # fmt: skip


class Evaluation(Body):
    """`EvaluateDecisionDto`."""

    variables: dict[str, Any] | None = None


def shape(act: Act, found: FoundDefinition) -> dict[str, Any]:
    """`DecisionDefinitionDto`."""
    requirements = act.work.requirements_of(found)
    return {
        "id": id_of(found), "key": found.key, "category": None, "name": found.name or None, "version": found.version,
        "resource": found.resource_name, "deploymentId": str(found.deployment_id), "tenantId": None,
        "decisionRequirementsDefinitionId": _requirements_id(requirements),
        "decisionRequirementsDefinitionKey": requirements.key, "historyTimeToLive": None, "versionTag": found.version_tag,
    }  # fmt: skip


def requirements_shape(found: FoundRequirements) -> dict[str, Any]:
    """`DecisionRequirementsDefinitionDto`."""
    return {
        "id": _requirements_id(found), "key": found.key, "name": found.name or None, "category": None, "version": found.version,
        "resource": found.resource_name, "deploymentId": str(found.deployment_id), "tenantId": None,
    }  # fmt: skip


@router.get("")
def definitions(request: Request) -> Response:
    """The versions of decisions."""
    with open_read(request) as act:
        query = _LOOKUP.query(given_in(request), otherwise=(Sort("key"), Sort("version")))
        return reply([shape(act, each) for each in act.work.search_definitions("decision", query).items])


@router.get("/count")
def how_many(request: Request) -> Response:
    """How many versions of decisions."""
    with open_read(request) as act:
        return count(act.work.search_definitions("decision", _LOOKUP.query(given_in(request))).total)


@router.get("/key/{key}")
def by_key(request: Request, key: str) -> Response:
    """The newest version of a decision."""
    with open_read(request) as act:
        return reply(shape(act, _newest(act, key)))


@router.get("/key/{key}/xml")
def xml_by_key(request: Request, key: str) -> Response:
    """The newest version's file."""
    with open_read(request) as act:
        return _xml(act, _newest(act, key))


@router.post("/key/{key}/evaluate")
@router.post("/key/{key}/tenant-id/{tenant}/evaluate")
def evaluate_by_key(request: Request, key: str, tenant: str | None = None, body: Evaluation | None = None) -> Response:
    """Evaluate the newest version: one entry per rule that counts, its outputs typed."""
    region = access.region_of(request, tenant)
    with open_read(request, region=region) as act:
        return _evaluate(act, _newest(act, key), body or Evaluation())


@router.get("/{given}")
def by_id(request: Request, given: str) -> Response:
    """One version."""
    with open_read(request) as act:
        return reply(shape(act, _version(act, given)))


@router.get("/{given}/xml")
def xml_by_id(request: Request, given: str) -> Response:
    """A version's file."""
    with open_read(request) as act:
        return _xml(act, _version(act, given))


@router.post("/{given}/evaluate")
def evaluate_by_id(request: Request, given: str, body: Evaluation | None = None) -> Response:
    """Evaluate a version."""
    with open_read(request) as act:
        return _evaluate(act, _version(act, given), body or Evaluation())


def _newest(act: Act, key: str) -> FoundDefinition:
    found = act.work.search_definitions(
        "decision", Query((Condition("key", Op.EQ, key), Condition("is_latest", Op.EQ, True)))
    ).items
    if not found:
        raise RestError(
            404, "RestException", f"没有部署决策 {key}。",
            f"No matching decision definition with key: {key} and no tenant-id",
        )  # fmt: skip
    return found[0]


def _version(act: Act, given: str) -> FoundDefinition:
    number = number_in(given, "决策定义", "Decision definition")
    found = act.work.search_definitions("decision", Query((Condition("id", Op.EQ, number),))).items
    if not found or given not in (id_of(found[0]), str(number)):
        raise RestError(
            404, "InvalidRequestException", f"没有编号为 {given} 的决策定义。",
            f"No matching decision definition with id: {given}",
        )  # fmt: skip
    return found[0]


def _xml(act: Act, found: FoundDefinition) -> Response:
    return reply({"id": id_of(found), "dmnXml": act.work.xml(found.id).decode("utf-8", "replace")})


def _evaluate(act: Act, found: FoundDefinition, body: Evaluation) -> Response:
    outside.must(act, Scope.READ)
    values = plain(body.variables)
    try:
        outcome = act.work.evaluate_decision(found.key, found.version, values)
    except ModelError as error:
        raise RestError(
            500, "RestException", f"不能评估决策 {found.key}:{error.zh}", f"Cannot evaluate decision {id_of(found)}: {error.en}"
        ) from None
    return reply([all_typed(row) for row in outcome.rows])


def _requirements_id(found: FoundRequirements) -> str:
    return definition_id(found.key, found.version, found.id)
