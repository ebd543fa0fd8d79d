"""Decisions: versions, files, evaluation."""

from typing import Annotated, Any

from fastapi import Path, Request, Response

from api import access
from api.camunda8 import shapes
from api.camunda8.bodies import EvaluateDecision, Key, SearchBody, exclusive
from api.camunda8.door import documents, key, reading, reply, router_of, tenant
from api.camunda8.fields import Table, answer, flag, number, text
from api.camunda8.fields import key as key_field
from casework.act import Act
from engine.errors import Unknown
from engine.model import DecisionOutcome, Json
from engine.persistence.tables import new_id
from engine.search import Condition, Found, FoundDefinition, FoundRequirements, Listing, Op, Page, Query
from engine.work.searches import by_id

router = router_of("/decision-definitions")
requirements = router_of("/decision-requirements")
At = Annotated[Key, Path()]
_ALL = Query(page=Page(limit=1_000_000))

DECISIONS = Table(
    {
        "decisionDefinitionId": text("key"), "name": text("name"), "isLatestVersion": flag("is_latest", sort=False),
        "version": number("version"), "decisionDefinitionKey": key_field("id"),
        "decisionRequirementsId": text("requirements_key"), "decisionRequirementsKey": key_field("resource_id"),
        "decisionRequirementsName": text("requirements_name"), "decisionRequirementsVersion": number("requirements_version"),
        "tenantId": text("kind", ask=False),
    },
    tenant=False,
)  # fmt: skip
FILES = Table(
    {
        "decisionRequirementsName": text("name"), "decisionRequirementsId": text("key"), "decisionRequirementsKey": key_field("id"),
        "version": number("version"), "resourceName": text("resource_name"), "tenantId": text("key", ask=False),
    },
    tenant=False,
)  # fmt: skip


@router.post("/search")
def search(request: Request, body: SearchBody | None = None) -> Response:
    """Decision definitions."""
    query = DECISIONS.query(request, body)
    with reading(request) as act:
        found, of = _decisions(act, query)
    return reply(answer(found, lambda each: shapes.decision(each, of[each.resource_id])))


@router.get("/{decision_key}")
@documents(404)
def get(request: Request, decision_key: At) -> Response:
    """One version of a decision."""
    with reading(request) as act:
        found = _decision(act, decision_key)
        return reply(shapes.decision(found, act.work.requirements_of(found)))


@router.get("/{decision_key}/xml")
@documents(404)
def xml(request: Request, decision_key: At) -> Response:
    """Its file."""
    with reading(request) as act:
        return Response(act.work.xml(_decision(act, decision_key).id), media_type="text/xml")


@router.post("/evaluation")
@documents(404)
def evaluate(request: Request, body: EvaluateDecision) -> Response:
    """What a decision gives for these variables; nothing is kept of it but the answer."""
    exclusive(body.decision_definition_id, body.decision_definition_key)
    tenant(request, body.tenant_id)
    with reading(request) as act:
        if body.decision_definition_key is not None:
            found = _decision(act, body.decision_definition_key)
        else:
            found = _newest(act, body.decision_definition_id or "")
        outcome = act.work.evaluate_decision(found.key, found.version, body.variables or {})
        return reply(_outcome(act, found, outcome))


@requirements.post("/search")
def search_files(request: Request, body: SearchBody | None = None) -> Response:
    """Files of decisions."""
    query = FILES.query(request, body)
    with reading(request) as act:
        found = act.work.search_requirements(query)
    return reply(answer(found, lambda each: shapes.requirements(request, each)))


@requirements.get("/{requirements_key}")
@documents(404)
def get_file(request: Request, requirements_key: At) -> Response:
    """One file of decisions."""
    with reading(request) as act:
        return reply(shapes.requirements(request, _file(act, requirements_key)))


@requirements.get("/{requirements_key}/xml")
@documents(404)
def file_xml(request: Request, requirements_key: At) -> Response:
    """The file itself."""
    with reading(request) as act:
        _file(act, requirements_key)
        held = Query((Condition("resource_id", Op.EQ, requirements_key),))
        first = act.work.search_definitions("decision", held).items[0]
        return Response(act.work.xml(first.id), media_type="text/xml")


def _decisions(act: Act, query: Query) -> tuple[Found[FoundDefinition], dict[int, FoundRequirements]]:
    """Decisions, also by what their file is called."""
    of = {each.id: each for each in act.work.search_requirements(_ALL).items}
    listing = Listing(
        list(act.work.search_definitions("decision", _ALL).items),
        further={
            "requirements_key": lambda each: of[each.resource_id].key,
            "requirements_name": lambda each: of[each.resource_id].name,
            "requirements_version": lambda each: of[each.resource_id].version,
        },
    )
    return listing.find(query), of


def _decision(act: Act, decision_key: int) -> FoundDefinition:
    found = act.work.search_definitions("decision", by_id(decision_key)).items
    if not found:
        raise Unknown(f"没有编号为 {decision_key} 的决策。", f"There is no decision definition {decision_key}.")
    return found[0]


def _newest(act: Act, decision_id: str) -> FoundDefinition:
    query = Query((Condition("key", Op.EQ, decision_id), Condition("is_latest", Op.EQ, True)))
    found = act.work.search_definitions("decision", query).items
    if not found:
        raise Unknown(f"没有部署决策 {decision_id}。", f"There is no decision {decision_id}.")
    return found[0]


def _file(act: Act, requirements_key: int) -> FoundRequirements:
    found = act.work.search_requirements(by_id(requirements_key)).items
    if not found:
        raise Unknown(
            f"没有编号为 {requirements_key} 的决策文件。", f"There are no decision requirements {requirements_key}."
        )
    return found[0]


def _outcome(act: Act, found: FoundDefinition, outcome: DecisionOutcome) -> dict[str, Any]:
    """EvaluateDecisionResult: the answer, and each decision that was asked on the way with what matched in it."""
    evaluation, of = new_id(), act.work.requirements_of(found)
    beside = {
        each.key: each
        for each in act.work.search_definitions(
            "decision", Query((Condition("resource_id", Op.EQ, found.resource_id),))
        ).items
    }
    return {
        "decisionDefinitionId": found.key, "decisionDefinitionKey": key(found.id), "decisionDefinitionName": found.name,
        "decisionDefinitionVersion": found.version, "decisionEvaluationKey": key(evaluation),
        "decisionInstanceKey": key(evaluation), "decisionRequirementsId": of.key, "decisionRequirementsKey": key(of.id),
        "evaluatedDecisions": [
            _evaluated(step, beside[step["id"]], f"{evaluation}-{n}")
            for n, step in enumerate(outcome.trace, 1)
            if step["id"] in beside
        ],
        "failedDecisionDefinitionId": None, "failureMessage": None, "output": shapes.json_text(outcome.value),
        "tenantId": access.DEFAULT_TENANT,
    }  # fmt: skip


def _evaluated(step: Json, of: FoundDefinition, instance: str) -> dict[str, Any]:
    return {
        "decisionDefinitionId": of.key, "decisionDefinitionName": of.name, "decisionDefinitionVersion": of.version,
        "decisionDefinitionType": "DECISION_TABLE" if step["hitPolicy"] is not None else "LITERAL_EXPRESSION",
        "output": shapes.json_text(step["value"]), "tenantId": access.DEFAULT_TENANT,
        "matchedRules": [
            {
                "ruleId": rule["id"], "ruleIndex": rule["index"],
                "evaluatedOutputs": [
                    {
                        "outputId": name, "outputName": name, "outputValue": shapes.json_text(value), "ruleId": rule["id"],
                        "ruleIndex": rule["index"],
                    }
                    for name, value in rule["outputs"].items()
                ],
            }
            for rule in step["rules"]
        ],
        "evaluatedInputs": [
            {"inputId": each["expression"], "inputName": each["label"], "inputValue": shapes.json_text(each["value"])}
            for each in step["inputs"]
        ],
        "decisionDefinitionKey": key(of.id), "decisionEvaluationInstanceKey": instance,
    }  # fmt: skip
