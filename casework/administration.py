"""What an administrator does with the procedures themselves: deploy, look at versions, retry what stands still; and the audit.

Cases are not shown here, only counted and, where one stands still, named. Who may come in is asked of
`people.organisation`; files are judged by the engine and by the rules of `catalogue`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from casework import audit, catalogue
from casework.act import Act
from casework.audit import Entry, Fault
from casework.desk import assignment
from casework.errors import Refused
from casework.law import clocks, policy
from casework.model.cases import CaseFile, HumanTask, TaskState
from casework.model.people import Holding, Office, OfficeKind, Scope, Staff
from casework.model.record import EVERYWHERE
from casework.people import organisation, signin
from casework.people.organisation import Held, Post
from casework.persistence import rows
from engine.errors import DeploymentRefused, InvalidInput, Unknown
from engine.model import DeployedResource, Deployment, Incident, Json, ProcessDefinition, Resource

if TYPE_CHECKING:
    from casework.authority import Authority

SHIPPED = Path(__file__).resolve().parents[1]
"""The folder that holds `processes/`, `forms/` and `letters/`, in a checkout and in an installed wheel alike."""

_SHIPPED_KINDS = {"processes": (".bpmn", ".dmn", ".form", ".yaml"), "forms": (".form",), "letters": (".typ", ".yaml")}
SHIPPED_NAME = "shipped"
AUDIT_PAGE = 100
INSTALLATION_POSTS = frozenset({organisation.ADMINISTRATOR, organisation.AUDITOR})
_PAGE = 50


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a process, when it came, and what runs on it."""

    definition: ProcessDefinition
    deployed_at: datetime
    active: int
    incidents: int
    latest: bool


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version with its file and where its tokens are: (element id, active, incidents)."""

    version: Version
    xml: bytes
    element_counts: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Standstill:
    """An incident, the name of its element, and the case that stands still."""

    incident: Incident
    element_name: str | None
    case_no: str | None


@dataclass(frozen=True, slots=True)
class Organisation:
    """The offices and the staff of a region; `regions` are all there are, `posts` all that a person may be given there."""

    regions: tuple[str, ...]
    posts: tuple[Post, ...]
    offices: tuple[Office, ...]
    staff: tuple[tuple[Staff, tuple[Held, ...]], ...]


# ---- what is in use


def deploy(act: Act, resources: Iterable[Resource], name: str | None = None) -> Deployment:
    """Take files into use, all or none. Raises `DeploymentRefused` with every problem of every file.

    Faults of decision tables are warnings of the deployment, or reasons to refuse it where the installation is set so.
    """
    _must_administer(act, Scope.DEPLOY)
    deployment = catalogue.deploy(act, resources, name=name)
    if deployment.warnings and act.house.refuses_table_faults:
        raise DeploymentRefused(replace(each, severity="error") for each in deployment.warnings)
    _take_into_force(act, deployment)
    return deployment


def deploy_shipped(authority: Authority, folder: Path = SHIPPED) -> Deployment | None:
    """Take the procedures that come with the product into use, once per release of them; None where that was done before.

    What an administrator deployed since stays in force until the product brings something new.
    """
    resources = shipped(folder)
    name = f"{SHIPPED_NAME} {_digest(resources)}"
    with authority.system("shipped procedures") as act:
        if any(each.name == name for each in _all_deployments(act)):
            return None
        deployment = catalogue.deploy(act, resources, name=name)
        _take_into_force(act, deployment)
        return deployment


def shipped(folder: Path = SHIPPED) -> list[Resource]:
    """The files of the shipped procedures, by name; scenario files are their tests and stay behind."""
    files = [
        file
        for part, suffixes in _SHIPPED_KINDS.items()
        for file in sorted((folder / part).rglob("*"))
        if file.suffix in suffixes and not file.name.endswith(".scenarios.yaml")
    ]
    return [Resource(file.name, file.read_bytes()) for file in files]


def deployments(act: Act, *, limit: int, after: int | None = None) -> list[Deployment]:
    """What was taken into use, newest first; `after`: those older than this id."""
    _must_administer(act, Scope.READ)
    return act.work.deployments(limit, after)


def definitions(act: Act, *, latest: bool = False) -> list[Version]:
    """The versions of all processes with what runs on them; `latest` leaves out the older ones."""
    _must_administer(act, Scope.READ)
    counts = act.work.running_counts()
    return [_version(act, each, counts) for each in act.work.definitions(latest=latest)]


def definition(act: Act, definition_id: int) -> VersionView:
    """A version with its diagram and where its tokens are. Unknown for an id that is none."""
    _must_administer(act, Scope.READ)
    version = _version(act, act.work.definition(definition_id), act.work.running_counts())
    return VersionView(version, act.work.xml(definition_id), tuple(act.work.element_counts(definition_id)))


# ---- what stands still


def incidents(act: Act, *, limit: int, after: int | None = None) -> list[Standstill]:
    """What stands still in all regions, newest first; `after`: those older than this id."""
    _must_administer(act, Scope.READ)
    return [_standstill(act, each) for each in act.work.incidents(limit, after, everywhere=True)]


def retry(act: Act, incident_id: int) -> None:
    """Try again after the cause was mended; what fails again stands still again, with its new reason.

    The act must be open in the incident's region (`region_of_incident`).
    """
    _must_administer(act, Scope.OPERATE)
    incident = act.work.incident(incident_id)
    case = act.find(CaseFile, root_instance_id=incident.root_id)
    act.work.resolve_incident(incident_id)
    task = act.find(HumanTask, id=incident.element_instance_id) if incident.kind == assignment.NO_ELIGIBLE else None
    if case is not None and task is not None and task.state is not TaskState.CLOSED:
        assignment.call_for_somebody(act, task, case)  # the engine knows no posts: whether somebody may now is asked here
    act.record("retry-incident", f"incident:{incident_id}:{incident.element_id}", after={"element": incident.element_id, "kind": incident.kind},
               case_id=case.id if case else None)  # fmt: skip


def region_of_incident(authority: Authority, incident_id: int) -> str:
    """The region in which an incident stands, in which the act that retries it is opened. Unknown where there is none."""
    with authority.system_read() as act:
        return act.work.incident(incident_id).region


# ---- what days count


def declare_day(act: Act, on: date, *, working: bool | None, name: str = "", name_en: str = "") -> int:
    """Declare a day of the region's calendar (None: back to the week's rule); how many open cases are counted again for it."""
    _must_administer(act)
    if act.region == EVERYWHERE:
        raise InvalidInput("请指明是哪个地区的日历。", "Name the region whose calendar it is.")
    return clocks.declare_day(act, on, working=working, name=name, name_en=name_en)


# ---- who is who


def organisation_of(act: Act) -> Organisation:
    """The offices and the staff of the act's region, with the posts that they hold today."""
    _must_administer(act)
    staff = tuple((person, tuple(held)) for person, held in organisation.staff(act))
    posts = tuple(organisation.posts(act).values()) if act.region != EVERYWHERE else ()
    return Organisation(tuple(organisation.regions(act)), posts, tuple(organisation.offices(act)), staff)


def add_office(
    act: Act, *, code: str, name: str, name_en: str, kind: OfficeKind, parent: str | None, phone: str
) -> Office:
    """A new office of the act's region below the office with the code `parent`; the first one of a region has none."""
    _must_administer(act)
    above = organisation.office(act, parent) if parent else None
    if above is None and organisation.offices(act):
        raise InvalidInput("请指明上级机构。", "Name the office above.")
    return organisation.add_office(
        act, code=code, name=name, name_en=name_en or name, kind=kind, parent=above, phone=phone
    )


def add_staff(act: Act, *, login: str, name: str, password: str) -> Staff:
    """A member of staff of the act's region, who can sign in from now on and changes the password herself."""
    _must_administer(act)
    normal = signin.normal_login(login)
    if not normal or not name.strip():
        raise InvalidInput("登录名和姓名不能为空。", "Login and name cannot be empty.")
    return organisation.add_staff(
        act, login=normal, name=name.strip(), password_hash=signin.hash_password(password, login=normal)
    )


def disable_staff(act: Act, staff_id: int) -> Staff:
    """Take a person's sign-in away at once; what she holds goes back to its queues. Nobody does it to herself."""
    _must_administer(act)
    if act.actor is not None and act.actor.staff_id == staff_id:
        raise InvalidInput("不能停用自己的账号。", "One cannot disable one's own account.")
    return organisation.disable_staff(act, staff_id)


def appoint(act: Act, *, staff_id: int, post: str, office: str, from_on: date | None) -> Holding:
    """Give a person a post at the office with that code. InvalidInput for a post that the table does not name.

    Administrator and auditor of the installation are never one person (GB/T 22239: separation of the three offices).
    """
    _must_administer(act)
    person = act.get(Staff, staff_id)
    held = {each.post for each in organisation.holdings_of(act, person.id, region=act.region)}
    if act.region == EVERYWHERE:
        if post not in INSTALLATION_POSTS or (held | {post}) >= INSTALLATION_POSTS:
            raise InvalidInput("管理员与审计员须由两人担任。", "Administrator and auditor are two posts of two persons.")
    elif post not in organisation.posts(act):
        raise InvalidInput(f"岗位表中没有岗位 {post}。", f"The table of posts has no post {post}.")
    return organisation.appoint(act, person.id, post, organisation.office(act, office), from_on=from_on)


def end_holding(act: Act, *, staff_id: int, post: str, office: str) -> Holding:
    """Take a post away from today on. Unknown where the person does not hold it; nobody takes her own administration away."""
    _must_administer(act)
    if act.actor is not None and act.actor.staff_id == staff_id:
        raise InvalidInput("不能撤销自己的岗位。", "One cannot take one's own post away.")
    holding = act.find(Holding, staff_id=staff_id, post=post, office_id=organisation.office(act, office).id, until_on=None)
    if holding is None:
        raise Unknown("此人没有这个岗位。", "She does not hold this post.")
    return organisation.end_holding(act, holding.id)


# ---- what is on record


def audit_entries(act: Act, *, chain: str | None = None, after: int = 0, limit: int = AUDIT_PAGE) -> list[Entry]:
    """Entries of the region's chains (or of one), newest first, with their payloads; `after`: those older than this id."""
    _must_audit(act)
    return audit.entries(
        act.connection, act.region, chain=chain, after=after, limit=limit, seal=act.house.seal, newest_first=True
    )


def verify_audit(act: Act) -> list[Fault]:
    """Every chain of the region that is not as it was written, with its first bad entry; the installation's auditor: all."""
    _must_audit(act)
    faults = audit.verify(act.connection, None if act.region == EVERYWHERE else act.region)
    act.record("verify-audit", f"region:{act.region}", after={"faults": len(faults)})
    return faults


def _digest(resources: Iterable[Resource]) -> str:
    digest = hashlib.sha256()
    for resource in resources:
        digest.update(f"{resource.name}\0{len(resource.content)}\0".encode() + resource.content)
    return digest.hexdigest()[:16]


def _all_deployments(act: Act) -> Iterator[Deployment]:
    after: int | None = None
    while page := act.work.deployments(_PAGE, after):
        yield from page
        after = page[-1].id


def _must_administer(act: Act, scope: Scope | None = None) -> None:
    """Let an administrator through, and a program that was given `scope`."""
    if not organisation.is_administrator(act) and (scope is None or scope not in act.scopes):
        raise Refused("not-administrator", "只有管理员可以这样做。", "Only an administrator may do this.")


def _must_audit(act: Act) -> None:
    if not organisation.is_auditor(act):
        raise Refused(
            "not-auditor", "只有审计员或督查员可以查看。", "Only an auditor or a supervisor may look at this."
        )


def _take_into_force(act: Act, deployment: Deployment) -> None:
    """New versions of tables are in force from today for new cases; the deployment goes on record."""
    decisions = {each.key: each.version for each in deployment.resources if each.kind == "decision" and each.is_new}
    policy.declare_editions(act, decisions)
    act.record(
        "deploy", f"deployment:{deployment.id}", after={"resources": [_named(one) for one in deployment.resources]}
    )


def _named(resource: DeployedResource) -> Json:
    return {"kind": resource.kind, "key": resource.key, "version": resource.version, "new": resource.is_new}


def _version(act: Act, found: ProcessDefinition, counts: dict[int, tuple[int, int]]) -> Version:
    active, standing = counts.get(found.id, (0, 0))
    newest = act.work.find_definition(found.process_id)
    return Version(found, found.deployed_at, active, standing, latest=newest is not None and newest.id == found.id)


def _standstill(act: Act, incident: Incident) -> Standstill:
    case = rows.find(act.connection, CaseFile, incident.region, root_instance_id=incident.root_id)
    element = act.work.model(incident.definition_id).elements.get(incident.element_id)
    return Standstill(incident, element.name if element else None, case.case_no if case else None)
