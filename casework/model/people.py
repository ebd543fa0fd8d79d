"""Who works for the authority, and whom it helps: offices, staff, posts and relations; persons and households."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from casework.model.record import Record


class OfficeKind(StrEnum):
    """What an office is."""

    DISTRICT = "district"
    TOWNSHIP = "township"
    VILLAGE = "village"
    DEPARTMENT = "department"


@dataclass(frozen=True, slots=True)
class Office(Record):
    """A place that holds posts. `code` is unique in the region; a department's is `<district>.<organisation>`."""

    region: str
    id: int
    code: str
    name: str
    name_en: str
    kind: OfficeKind
    parent_id: int | None
    phone: str = ""
    synthetic: bool = False


class StaffState(StrEnum):
    """Whether somebody may sign in."""

    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Staff(Record):
    """A person who works for the authority; `login` is unique over all regions."""

    region: str
    id: int
    name: str
    login: str
    state: StaffState
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Credential(Record):
    """A password's argon2 hash; the row's id is the staff member's."""

    region: str
    id: int
    password_hash: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class StaffSession(Record):
    """A sign-in; the token itself is never stored."""

    region: str
    id: int
    staff_id: int
    token_hash: str
    address: str
    started_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignInFailure(Record):
    """A failed try to sign in, of an account that may not exist."""

    region: str
    id: int
    login: str
    address: str
    at: datetime


class Scope(StrEnum):
    """What a caller of the Camunda doors may do; a program has those it was given, a person those of her posts."""

    DEPLOY = "deploy"
    """Take files into use, for all districts."""
    START = "start"
    """Begin cases."""
    OPERATE = "operate"
    """Cancel, modify, suspend, resolve incidents, send messages and signals."""
    WORK = "work"
    """Take jobs and external tasks, complete and fail them."""
    TASKS = "tasks"
    """Do human tasks; only ever as a person."""
    READ = "read"
    """Look."""


@dataclass(frozen=True, slots=True)
class Program(Record):
    """Another system that calls as itself. `name` is unique over all regions, region `*` means every one of them.

    The secret is 256 random bits of ours, so a plain hash of it keeps it: there is nothing to guess.
    """

    region: str
    id: int
    name: str
    secret_hash: str
    scopes: tuple[str, ...]
    made_by: str
    made_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Holding(Record):
    """A person in a post at an office, from a day until the day before `until_on`."""

    region: str
    id: int
    staff_id: int
    post: str
    office_id: int
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class Relation(Record):
    """A near relative of an officer: to a person, a household or one case, on whose word, and whether it bars (D04)."""

    region: str
    id: int
    staff_id: int
    person_id: int | None
    household_id: int | None
    case_id: int | None
    type: str
    nature: str | None
    care: bool | None
    ground: str
    said_by: str
    since_at: datetime
    ended_at: datetime | None
    bars: bool
    row_id: str | None
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Person(Record):
    """A person of a household; what identifies or burdens her is sealed."""

    region: str
    id: int
    name: str
    pinyin: str
    initials: str
    sex: str | None
    birth_on: date | None
    id_type: str | None
    id_sealed: bytes | None
    id_hash: str | None
    phone_sealed: bytes | None
    bank_sealed: bytes | None
    health_sealed: bytes | None
    village_id: int | None
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Household(Record):
    """One household, one file. `head_id` is a person; `village_id` an office of kind village."""

    region: str
    id: int
    file_no: str
    head_id: int | None
    village_id: int | None
    urban: bool | None = None
    address_sealed: bytes | None = None
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Member(Record):
    """A person in a household, from a day until the day before `until_on`."""

    region: str
    id: int
    household_id: int
    person_id: int
    role: str
    from_on: date
    until_on: date | None
