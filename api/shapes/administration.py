"""Deployments, versions of processes, incidents, the audit, the organisation."""

from typing_extensions import TypedDict

from api.problems import FileProblem, file_problems
from api.shapes.common import Json, Page, text_of
from api.shapes.people import Post, post
from api.wire import moment
from casework.administration import Organisation as OrganisationRecord
from casework.administration import Standstill, Version, VersionView
from casework.audit import Entry, Fault
from engine.model import DeployedResource, Deployment


class Resource(TypedDict):
    """A version that a deployment brought; `isNew` is false where the same content was in use already."""

    kind: str
    key: str
    version: int
    name: str
    isNew: bool


class DeploymentShape(TypedDict):
    """Files that were taken into use together."""

    id: str
    at: str
    name: str | None
    by: str
    resources: list[Resource]


class Deployed(TypedDict):
    """The answer to a deployment; `warnings` is what its decision tables leave open."""

    deployment: DeploymentShape
    warnings: list[FileProblem]


class Definition(TypedDict):
    """A version of a process; `active` instances and `incidents` are counted now."""

    id: str
    processId: str
    name: str
    version: int
    versionTag: str | None
    deployedAt: str
    active: int
    incidents: int
    latest: bool


class ElementCount(TypedDict):
    """How many tokens stay at an element, and how many of them stand still."""

    elementId: str
    active: int
    incidents: int


class DefinitionView(Definition):
    """A version with its diagram and where its tokens are."""

    xml: str
    elementCounts: list[ElementCount]


class Incident(TypedDict):
    """A token that stands still until the cause is mended; `zh` and `en` say what was expected and what was found."""

    id: str
    caseNo: str | None
    processId: str
    elementId: str
    elementName: str | None
    kind: str
    zh: str
    en: str
    createdAt: str
    definitionId: str


class Office(TypedDict):
    """An office of the tree; `kind` district, department, township or village."""

    id: str
    code: str
    name: str
    nameEn: str
    kind: str
    parentId: str | None


class Colleague(TypedDict):
    """A member of staff with the posts held today."""

    id: str
    name: str
    login: str
    state: str
    posts: list[Post]


class PostKind(TypedDict):
    """A post of the table of posts; `tier` is the kind of office that has it, the first where it is looked for first."""

    post: str
    postName: str
    postNameEn: str
    tier: str
    tiers: list[str]


class Organisation(TypedDict):
    """Offices and staff of a region with the posts that may be given there; `regions` are all there are (`?region=`)."""

    regions: list[str]
    posts: list[PostKind]
    offices: list[Office]
    staff: list[Colleague]


class Added(TypedDict):
    """What was added."""

    id: str


class AuditEntry(TypedDict):
    """One line of a hash chain; `payload` are the values before and after, null where none or destroyed by rule."""

    id: str
    chain: str
    n: int
    at: str
    actor: str
    capacity: str
    verb: str
    subject: str
    ground: str | None
    clause: str | None
    hash: str
    payload: Json


class AuditFault(TypedDict):
    """Where a chain stops being what was written."""

    region: str
    chain: str
    n: int
    zh: str
    en: str


class Verified(TypedDict):
    """What a verification found; no fault means that every entry is as it was written."""

    sound: bool
    faults: list[AuditFault]


def deployments(found: list[Deployment], limit: int) -> Page[DeploymentShape]:
    """A page of deployments."""
    return {"rows": [deployment(each) for each in found], "next": str(found[-1].id) if len(found) == limit else None}


def deployment(made: Deployment) -> DeploymentShape:
    """Files that were taken into use together."""
    return {
        "id": str(made.id),
        "at": moment(made.deployed_at),
        "name": made.name,
        "by": made.deployed_by,
        "resources": [resource(each) for each in made.resources],
    }


def deployed(made: Deployment) -> Deployed:
    """What was taken into use, and what is to be said of it."""
    return {"deployment": deployment(made), "warnings": file_problems(made.warnings)}


def resource(deployed: DeployedResource) -> Resource:
    """A version that a deployment brought."""
    return {
        "kind": deployed.kind,
        "key": deployed.key,
        "version": deployed.version,
        "name": deployed.name or deployed.resource_name,
        "isNew": deployed.is_new,
    }


def definition(version: Version) -> Definition:
    """A version of a process."""
    found = version.definition
    return {
        "id": str(found.id),
        "processId": found.process_id,
        "name": found.name or found.process_id,
        "version": found.version,
        "versionTag": found.version_tag,
        "deployedAt": moment(version.deployed_at),
        "active": version.active,
        "incidents": version.incidents,
        "latest": version.latest,
    }


def definition_view(view: VersionView) -> DefinitionView:
    """A version with its diagram and where its tokens are."""
    counts: list[ElementCount] = [
        {"elementId": element, "active": active, "incidents": standing}
        for element, active, standing in view.element_counts
    ]
    return {**definition(view.version), "xml": text_of(view.xml), "elementCounts": counts}


def incidents(found: list[Standstill], limit: int) -> Page[Incident]:
    """A page of incidents."""
    last = str(found[-1].incident.id) if len(found) == limit else None
    return {"rows": [incident(each) for each in found], "next": last}


def incident(standstill: Standstill) -> Incident:
    """What stands still and why."""
    found = standstill.incident
    return {
        "id": str(found.id),
        "caseNo": standstill.case_no,
        "processId": found.process_id,
        "elementId": found.element_id,
        "elementName": standstill.element_name,
        "kind": found.kind,
        "zh": found.zh,
        "en": found.en,
        "createdAt": moment(found.created_at),
        "definitionId": str(found.definition_id),
    }


def organisation(found: OrganisationRecord) -> Organisation:
    """Offices and staff of a region."""
    posts: list[PostKind] = [
        {
            "post": each.code,
            "postName": each.zh,
            "postNameEn": each.en,
            "tier": each.tiers[0].value,
            "tiers": [tier.value for tier in each.tiers],
        }
        for each in found.posts
    ]
    offices: list[Office] = [
        {
            "id": str(each.id),
            "code": each.code,
            "name": each.name,
            "nameEn": each.name_en,
            "kind": each.kind.value,
            "parentId": str(each.parent_id) if each.parent_id is not None else None,
        }
        for each in found.offices
    ]
    staff: list[Colleague] = [
        {
            "id": str(person.id),
            "name": person.name,
            "login": person.login,
            "state": person.state.value,
            "posts": [post(each) for each in held],
        }
        for person, held in found.staff
    ]
    return {"regions": list(found.regions), "posts": posts, "offices": offices, "staff": staff}


def audit_page(entries: list[Entry], limit: int) -> Page[AuditEntry]:
    """A page of the audit, newest first."""
    return {
        "rows": [audit_entry(each) for each in entries],
        "next": str(entries[-1].id) if len(entries) == limit else None,
    }


def audit_entry(entry: Entry) -> AuditEntry:
    """One line of a chain."""
    return {
        "id": str(entry.id),
        "chain": entry.chain,
        "n": entry.n,
        "at": moment(entry.at),
        "actor": entry.actor,
        "capacity": entry.capacity,
        "verb": entry.verb,
        "subject": entry.subject,
        "ground": entry.ground,
        "clause": entry.clause,
        "hash": entry.hash,
        "payload": entry.payload,
    }


def verified(faults: list[Fault]) -> Verified:
    """What a verification found."""
    named: list[AuditFault] = [
        {"region": each.region, "chain": each.chain, "n": each.n, "zh": each.zh, "en": each.en} for each in faults
    ]
    return {"sound": not faults, "faults": named}
