"""/engine-rest/deployment: taking files into use as the Modeler sends them, and what was taken into use."""

from pathlib import PurePath
from typing import Annotated, Any, cast

from fastapi import Depends, Form, Request, Response, UploadFile
from fastapi import Query as FromQuery

from api import access
from api.access import Scope, open_act, open_read
from api.camunda7 import decisions, definitions
from api.camunda7.definitions import link
from api.camunda7.door import count, number_in, reply, router_of
from api.camunda7.errors import RestError, missing
from api.camunda7.lists import Lookup, equal, given_in, if_true, like, number_of, since, yes
from api.camunda7.values import moment
from api.files import download, resources
from casework import administration
from casework.act import Act
from engine.model import DeployedResource, Deployment, Resource
from engine.search import Condition, Op, Query, Sort

router = router_of("/deployment")

_LOOKUP = Lookup(
    {
        "id": equal("id", number_of), "name": equal("name"), "nameLike": like("name"),
        "before": since("deployed_at", Op.LT), "after": since("deployed_at", Op.GT), "withoutTenantId": if_true(),
        "includeDeploymentsWithoutTenantId": if_true(), "withoutSource": if_true(),
    },
    {"id": "id", "name": "name", "deploymentTime": "deployed_at", "tenantId": "id"},
)  # fmt: skip
_NEWEST = (Sort("id", descending=True),)
# Old names of files that the Modeler gives no more.
_ENDINGS = {".bpmn20.xml": ".bpmn", ".dmn11.xml": ".dmn"}


async def parts_of(request: Request) -> list[UploadFile]:
    """The files of the request; the fields beside them are named in the route."""
    return [cast(UploadFile, part) for _, part in (await request.form()).multi_items() if not isinstance(part, str)]


class _NothingNew(Exception):
    """Leaves the act without a trace: all of these files are in use already."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment


@router.get("")
def deployments(request: Request) -> Response:
    """What was taken into use, newest first."""
    with open_read(request) as act:
        found = act.work.search_deployments(_LOOKUP.query(given_in(request), otherwise=_NEWEST))
        return reply([_shape(request, each) for each in found.items])


@router.get("/count")
def how_many(request: Request) -> Response:
    """How many deployments there are."""
    with open_read(request) as act:
        return count(act.work.search_deployments(_LOOKUP.query(given_in(request))).total)


@router.post("/create")
def create(
    request: Request,
    files: Annotated[list[UploadFile], Depends(parts_of)],
    name: Annotated[str | None, Form(alias="deployment-name", max_length=200)] = None,
    source: Annotated[str | None, Form(alias="deployment-source", max_length=200)] = None,
    filtering: Annotated[str, Form(alias="enable-duplicate-filtering")] = "false",
    changed_only: Annotated[str, Form(alias="deploy-changed-only")] = "false",
    tenant: Annotated[str | None, Form(alias="tenant-id", max_length=60)] = None,
) -> Response:
    """Take files into use, all or none. What is the same as the version in force makes no new one, and is named all the same.

    With duplicate filtering, files of which none is new make no deployment either: the answer is the one that holds them.
    Definitions are in force everywhere, so a tenant is checked and not kept.
    """
    access.region_of(request, tenant)
    uploaded = [_named(each) for each in resources(files)]
    if not uploaded:
        raise RestError(400, "InvalidRequestException", "没有文件。", "No deployment resources contained in the form upload.")
    only_new = yes("enable-duplicate-filtering", filtering) or yes("deploy-changed-only", changed_only)
    try:
        with open_act(request, Scope.DEPLOY) as act:
            deployment = administration.deploy(act, uploaded, name=name)
            if only_new and not any(each.is_new for each in deployment.resources):
                raise _NothingNew(deployment)
            return reply(_answer(request, act, deployment, name=name, source=source))
    except _NothingNew as same:
        with open_read(request, Scope.DEPLOY) as act:
            earlier = _holding(act, same.deployment.resources)
            known = Deployment(earlier.id, earlier.deployed_at, same.deployment.resources, earlier.name)
            return reply(_answer(request, act, known, name=earlier.name, source=source))


@router.get("/{given}")
def deployment(request: Request, given: str) -> Response:
    """One deployment."""
    with open_read(request) as act:
        return reply(_shape(request, _one(act, given)))


@router.get("/{given}/resources")
def files_of(request: Request, given: str) -> Response:
    """The files that came with a deployment as new versions, or were in use already."""
    with open_read(request) as act:
        found = _one(act, given)
        return reply([_file(found, each) for each in _files(found)])


@router.get("/{given}/resources/{resource}")
def file_of(request: Request, given: str, resource: str) -> Response:
    """One file's description."""
    with open_read(request) as act:
        found = _one(act, given)
        return reply(_file(found, _resource(found, resource)))


@router.get("/{given}/resources/{resource}/data")
def content_of(request: Request, given: str, resource: str) -> Response:
    """One file, byte for byte as it was uploaded."""
    with open_read(request) as act:
        found = _resource(_one(act, given), resource)
        return download(found.resource_name, "application/octet-stream", act.work.xml(found.id))


@router.delete("/{given}")
def delete(
    request: Request, given: str, cascade: Annotated[str, FromQuery()] = "false"
) -> Response:
    """Never done: by what a case was decided must stay provable. The refusal says what runs on the deployment, and what to do."""
    yes("cascade", cascade)
    with open_act(request, Scope.DEPLOY) as act:
        found = _one(act, given)
        counts = act.work.running_counts()
        running = sum(counts.get(each.id, (0, 0))[0] for each in found.resources if each.kind == "process")
        raise RestError(
            403, "AuthorizationException",
            f"部署 {found.id} 不能删除:案件按哪一版流程、表单、决策表办理须可追溯"
            f"{f',现有 {running} 个案件在其上运行' if running else ''}。请部署新版本取代它;要结束案件,请逐件终止。",
            f"Cannot delete deployment {found.id}: by which version of a process, form or table a case was decided must stay"
            f" provable{f', and {running} instances run on it' if running else ''}. Deploy a new version in its place; instances"
            " are ended one by one (DELETE /process-instance/{id}).",
        )  # fmt: skip


# ---- inside


def _named(resource: Resource) -> Resource:
    name = PurePath(resource.name.replace("\\", "/")).name
    for old, new in _ENDINGS.items():
        if name.endswith(old):
            name = name.removesuffix(old) + new
    return Resource(name, resource.content)


def _one(act: Act, given: str) -> Deployment:
    number = number_in(given, "部署", "Deployment")
    found = act.work.search_deployments(Query((Condition("id", Op.EQ, number),))).items
    if not found:
        raise missing(f"没有编号为 {given} 的部署。", f"Deployment with id '{given}' does not exist")
    return found[0]


def _holding(act: Act, wanted: tuple[DeployedResource, ...]) -> Deployment:
    """The newest deployment that holds all of these versions; else the one that brought the first of them."""
    ids = {each.id for each in wanted}
    listed = act.work.search_deployments(Query(sort=_NEWEST)).items
    for each in listed:
        if ids <= {one.id for one in each.resources}:
            return each
    return next(each for each in listed if any(one.id in ids and one.is_new for one in each.resources))


def _shape(request: Request, found: Deployment) -> dict[str, Any]:
    """`DeploymentDto`."""
    return {
        "links": [link(request, "GET", f"/deployment/{found.id}")], "id": str(found.id), "name": found.name, "source": None,
        "deploymentTime": moment(found.deployed_at), "tenantId": None,
    }  # fmt: skip


def _answer(request: Request, act: Act, found: Deployment, *, name: str | None, source: str | None) -> dict[str, Any]:
    """`DeploymentWithDefinitionsDto`, the processes in the order of the files and of what stands in them."""
    kinds = {kind: [each.id for each in found.resources if each.kind == kind] for kind in ("process", "decision")}
    processes = {each.id: each for each in act.work.search_definitions("process", _with_ids(kinds["process"])).items}
    tables = act.work.search_definitions("decision", _with_ids(kinds["decision"])).items
    shapes = [definitions.shape(act, processes[number]) for number in dict.fromkeys(kinds["process"])]
    requirements = {each.id: each for each in (act.work.requirements_of(table) for table in tables)}
    return {
        **_shape(request, found), "name": name, "source": source,
        "deployedProcessDefinitions": {each["id"]: each for each in shapes} or None,
        "deployedCaseDefinitions": None,
        "deployedDecisionDefinitions": {
            each["id"]: each for each in (decisions.shape(act, table) for table in tables)
        } or None,
        "deployedDecisionRequirementsDefinitions": {
            each["id"]: each for each in (decisions.requirements_shape(one) for one in requirements.values())
        } or None,
    }  # fmt: skip


def _with_ids(ids: list[int]) -> Query:
    return Query((Condition("id", Op.IN, tuple(ids)),))


def _files(found: Deployment) -> list[DeployedResource]:
    by_name: dict[str, DeployedResource] = {}
    for each in found.resources:
        by_name.setdefault(each.resource_name, each)
    return list(by_name.values())


def _file(found: Deployment, resource: DeployedResource) -> dict[str, Any]:
    """`DeploymentResourceDto`; the id is that of a definition in the file."""
    return {"id": str(resource.id), "name": resource.resource_name, "deploymentId": str(found.id)}


def _resource(found: Deployment, given: str) -> DeployedResource:
    for each in _files(found):
        if str(each.id) == given:
            return each
    raise missing(
        f"部署 {found.id} 中没有文件 {given}。",
        f"Deployment resource with resource id '{given}' for deployment id '{found.id}' does not exist.",
    )
