"""Deployments: files in, versions out."""

from typing import Annotated, Any

from fastapi import File, Form, Request, Response, UploadFile

from api import access, files
from api.access import Scope
from api.camunda8.door import key, reply, router_of, tenant
from casework import administration
from casework.act import Act
from engine.model import DeployedResource
from engine.search import FoundDefinition, FoundRequirements, Query
from engine.work.searches import by_id

router = router_of("/deployments")
Told = dict[str, Any]


@router.post("")
def deploy(
    request: Request,
    resources: Annotated[list[UploadFile], File()],
    tenantId: Annotated[str | None, Form()] = None,  # noqa: N803 - the API's word
) -> Response:
    """Take files into use, all or none; a refusal names every problem of every file."""
    tenant(request, tenantId)  # what is deployed is everybody's; a tenant that there is not is refused all the same
    uploaded = files.resources(resources)
    with access.open_act(request, Scope.DEPLOY) as act:
        made = administration.deploy(act, uploaded)
        told = _told(act, made.resources)
    return reply({"deploymentKey": key(made.id), "tenantId": access.DEFAULT_TENANT, "deployments": told})


def _told(act: Act, resources: tuple[DeployedResource, ...]) -> list[Told]:
    """One entry per thing; each file of decisions comes before its decisions."""
    told: list[Told] = []
    seen: set[int] = set()
    decisions = {each.id: each for each in act.work.search_definitions("decision", Query()).items} if any(
        each.kind == "decision" for each in resources
    ) else {}  # fmt: skip
    for each in resources:
        match each.kind:
            case "process":
                told.append(_entry(processDefinition={
                    "processDefinitionId": each.key, "processDefinitionVersion": each.version, "processDefinitionKey": key(each.id),
                    "resourceName": each.resource_name, "tenantId": access.DEFAULT_TENANT,
                }))  # fmt: skip
            case "form":
                told.append(_entry(form={
                    "formId": each.key, "version": each.version, "resourceName": each.resource_name, "formKey": key(each.id),
                    "tenantId": access.DEFAULT_TENANT,
                }))  # fmt: skip
            case "decision":
                found = decisions.get(each.id) or _definition(act, each.id)
                of = act.work.requirements_of(found)
                if of.id not in seen:
                    seen.add(of.id)
                    told.append(_entry(decisionRequirements=_requirements(of, each.resource_name)))
                told.append(_entry(decisionDefinition={
                    "decisionDefinitionId": each.key, "version": each.version, "name": each.name or each.key,
                    "decisionRequirementsId": of.key, "decisionRequirementsKey": key(of.id), "decisionDefinitionKey": key(each.id),
                    "tenantId": access.DEFAULT_TENANT,
                }))  # fmt: skip
            case _:
                told.append(_entry(resource={
                    "resourceId": each.key, "version": each.version, "resourceName": each.resource_name, "resourceKey": key(each.id),
                    "tenantId": access.DEFAULT_TENANT,
                }))  # fmt: skip
    return told


def _definition(act: Act, definition_id: int) -> FoundDefinition:
    return act.work.search_definitions("decision", by_id(definition_id)).items[0]


def _requirements(of: FoundRequirements, resource_name: str) -> Told:
    return {
        "decisionRequirementsId": of.key, "decisionRequirementsName": of.name, "version": of.version,
        "resourceName": resource_name, "tenantId": access.DEFAULT_TENANT, "decisionRequirementsKey": key(of.id),
    }  # fmt: skip


def _entry(**what: Told) -> Told:
    """An entry has a place for every kind of thing, all but one of them empty."""
    places = ("processDefinition", "decisionDefinition", "decisionRequirements", "form", "resource")
    return {**dict.fromkeys(places), **what}
