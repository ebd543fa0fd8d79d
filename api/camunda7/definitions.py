"""/engine-rest/process-definition: what is deployed, its files and forms, and starting it."""

from typing import Any

from fastapi import Request, Response

from api import access
from api.access import Scope, open_act, open_read
from api.camunda7 import instances
from api.camunda7.door import count, definition_id, id_of, number_in, reply, router_of
from api.camunda7.errors import RestError, invalid
from api.camunda7.lists import Lookup, among, either, equal, given_in, if_true, like, number_of, whole
from api.camunda7.values import all_typed, plain
from api.parameters import Body
from casework import outside
from casework.act import Act
from engine.search import Condition, FoundDefinition, Op, Query, Sort

router = router_of("/process-definition")

_LOOKUP = Lookup(
    {
        "processDefinitionId": equal("id", number_of), "processDefinitionIdIn": among("id", number_of),
        "key": equal("key"), "keysIn": among("key"), "keyLike": like("key"), "name": equal("name"), "nameLike": like("name"),
        "version": equal("version", whole), "latestVersion": if_true(Condition("is_latest", Op.EQ, True)),
        "deploymentId": equal("deployment_id", number_of), "resourceName": equal("resource_name"),
        "resourceNameLike": like("resource_name"), "versionTag": equal("version_tag"), "versionTagLike": like("version_tag"),
        "withoutVersionTag": if_true(Condition("version_tag", Op.EXISTS, False)), "withoutTenantId": if_true(),
        "includeProcessDefinitionsWithoutTenantId": if_true(), "active": if_true(),
        "suspended": either(Condition("id", Op.EXISTS, False), Condition("id", Op.EXISTS, True)),
        "startableInTasklist": if_true(),
    },
    {
        "id": "id", "key": "key", "name": "name", "version": "version", "deploymentId": "deployment_id",
        "deployTime": "deployed_at", "versionTag": "version_tag", "category": "key", "tenantId": "id",
    },
)  # fmt: skip


class Starting(Body):
    """`StartProcessInstanceDto`; start instructions are a matter of /v2."""

    business_key: str | None = None
    case_instance_id: str | None = None
    variables: dict[str, Any] | None = None
    start_instructions: list[Any] | None = None
    skip_custom_listeners: bool = False
    skip_io_mappings: bool = False
    with_variables_in_return: bool = False


def shape(act: Act, found: FoundDefinition) -> dict[str, Any]:
    """`ProcessDefinitionDto`."""
    return {
        "id": id_of(found), "key": found.key, "category": None,
        "description": act.work.model(found.id).documentation or None, "name": found.name or None, "version": found.version,
        "resource": found.resource_name, "deploymentId": str(found.deployment_id), "diagram": None, "suspended": False,
        "tenantId": None, "versionTag": found.version_tag, "historyTimeToLive": None, "startableInTasklist": True,
    }  # fmt: skip


@router.get("")
def definitions(request: Request) -> Response:
    """The versions of processes."""
    with open_read(request) as act:
        found = act.work.search_definitions("process", _LOOKUP.query(given_in(request), otherwise=(Sort("key"), Sort("version"))))
        return reply([shape(act, each) for each in found.items])


@router.get("/count")
def how_many(request: Request) -> Response:
    """How many versions of processes."""
    with open_read(request) as act:
        return count(act.work.search_definitions("process", _LOOKUP.query(given_in(request))).total)


# The same operations by key (the newest version; with a tenant in its name) and by id.


@router.get("/key/{key}")
@router.get("/key/{key}/tenant-id/{tenant}")
def by_key(request: Request, key: str, tenant: str | None = None) -> Response:
    """The newest version of a process."""
    access.region_of(request, tenant)
    with open_read(request) as act:
        return reply(shape(act, newest(act, key)))


@router.get("/key/{key}/xml")
def xml_by_key(request: Request, key: str) -> Response:
    """The newest version's file."""
    with open_read(request) as act:
        return _xml(act, newest(act, key))


@router.get("/key/{key}/startForm")
def start_form_by_key(request: Request, key: str) -> Response:
    """What form starts the newest version."""
    with open_read(request) as act:
        return _start_form(act, newest(act, key))


@router.get("/key/{key}/deployed-start-form")
def deployed_start_form_by_key(request: Request, key: str) -> Response:
    """The form that starts the newest version."""
    with open_read(request) as act:
        return _deployed_form(act, newest(act, key))


@router.post("/key/{key}/start")
@router.post("/key/{key}/tenant-id/{tenant}/start")
@router.post("/key/{key}/submit-form")
def start_by_key(request: Request, key: str, tenant: str | None = None, body: Starting | None = None) -> Response:
    """Start the newest version."""
    return _start(request, key, None, tenant, body or Starting())


@router.get("/{given}")
def by_id(request: Request, given: str) -> Response:
    """One version."""
    with open_read(request) as act:
        return reply(shape(act, version(act, given)))


@router.get("/{given}/xml")
def xml_by_id(request: Request, given: str) -> Response:
    """A version's file."""
    with open_read(request) as act:
        return _xml(act, version(act, given))


@router.get("/{given}/startForm")
def start_form_by_id(request: Request, given: str) -> Response:
    """What form starts a version."""
    with open_read(request) as act:
        return _start_form(act, version(act, given))


@router.get("/{given}/deployed-start-form")
def deployed_start_form_by_id(request: Request, given: str) -> Response:
    """The form that starts a version."""
    with open_read(request) as act:
        return _deployed_form(act, version(act, given))


@router.post("/{given}/start")
@router.post("/{given}/submit-form")
def start_by_id(request: Request, given: str, body: Starting | None = None) -> Response:
    """Start a version."""
    with open_read(request, Scope.START) as act:
        found = version(act, given)
    return _start(request, found.key, found.id, None, body or Starting())


# ---- inside


def newest(act: Act, key: str) -> FoundDefinition:
    """The newest version of a process."""
    found = _one(act, Condition("key", Op.EQ, key), Condition("is_latest", Op.EQ, True))
    if found is None:
        raise RestError(
            404, "RestException", f"没有部署流程 {key}。",
            f"No matching process definition with key: {key} and no tenant-id",
        )  # fmt: skip
    return found


def version(act: Act, given: str) -> FoundDefinition:
    """The version with that id."""
    number = number_in(given, "流程定义", "Process definition")
    found = _one(act, Condition("id", Op.EQ, number))
    if found is None or given not in (id_of(found), str(number)):
        raise RestError(
            404, "InvalidRequestException", f"没有编号为 {given} 的流程定义。", f"No matching definition with id {given}"
        )
    return found


def _one(act: Act, *conditions: Condition) -> FoundDefinition | None:
    found = act.work.search_definitions("process", Query(conditions)).items
    return found[0] if found else None


def _xml(act: Act, found: FoundDefinition) -> Response:
    return reply({"id": id_of(found), "bpmn20Xml": act.work.xml(found.id).decode("utf-8", "replace")})


def _start_form(act: Act, found: FoundDefinition) -> Response:
    definition = act.work.definition(found.id)
    form = None if definition.start_form_id is None else act.work.form(definition.start_form_id)
    reference = None if form is None else {"key": form.form_id, "binding": "version", "version": form.version}
    return reply({"key": None, "camundaFormRef": reference, "contextPath": None})


def _deployed_form(act: Act, found: FoundDefinition) -> Response:
    definition = act.work.definition(found.id)
    if definition.start_form_id is None:
        raise invalid(f"流程 {found.key} 没有开始表单。", f"No deployed start form for process definition {id_of(found)}")
    return reply(act.work.form(definition.start_form_id).schema)


def _start(request: Request, key: str, number: int | None, tenant: str | None, body: Starting) -> Response:
    if body.start_instructions:
        raise invalid(
            "从任意元素开始请用 /v2/process-instances。",
            "Starting at an element is a matter of /v2/process-instances (startInstructions).",
        )
    values = plain(body.variables)
    region = access.region_of(request, tenant)
    with open_act(request, Scope.START, region) as act:
        if number is None:
            number = newest(act, key).id if not outside.is_officer(act) else None
        case = outside.start(act, key, values, business_key=body.business_key, definition_id=number)
        instance_id = case.root_instance_id
        row = act.work.instance(instance_id)
        started = {
            "links": [link(request, "GET", f"/process-instance/{instance_id}")],
            **instances.of_row(request, row, definition_id(row.process_id, case.process_version, row.definition_id)),
        }
        if body.with_variables_in_return:
            outside.must_read_data(act)
            started["variables"] = all_typed(act.work.variables(instance_id))
        return reply(started)


def link(request: Request, method: str, path: str, rel: str = "self") -> dict[str, str]:
    """`AtomLink`."""
    return {"method": method, "href": f"{str(request.base_url).rstrip('/')}/engine-rest{path}", "rel": rel}


__all__ = ["link", "newest", "router", "shape", "version"]
