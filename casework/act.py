"""The act: one officer (or the system), one transaction, one record.

Every function of casework that changes something takes the `Act` first. It gives the rows, the engine's unit of work and the
present moment, and it keeps the rule of the house: an act that changed rows and recorded nothing is not committed. It decides
nothing; `people.eligibility` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from casework import audit
from casework.errors import MissingRecord
from casework.model.cases import CaseFile, Draft, HumanTask
from casework.model.outgoing import Answer, Outgoing
from casework.model.people import Scope, SignInFailure, StaffSession
from casework.model.record import EVERYWHERE, Record
from casework.persistence import held as held_rows
from casework.persistence import rows
from casework.persistence.rows import Condition, Connection
from casework.reference import Kept
from casework.seal import Seal
from engine.model import Json
from engine.persistence.tables import new_id

if TYPE_CHECKING:
    from engine.work import Work

R = TypeVar("R", bound=Record)
_ALL = 1_000_000

#: Rows that are no act: typing that is kept, sign-ins, answers already given, messages on their way.
UNRECORDED: tuple[type[Record], ...] = (
    Draft,
    StaffSession,
    SignInFailure,
    Answer,
    Outgoing,
)


class Capacity(StrEnum):
    """As what somebody acts."""

    SELF = "self"
    SYSTEM = "system"
    PROGRAM = "program"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Actor:
    """An officer who is signed in. `region` is where she works; administrators of the installation have `*`."""

    staff_id: int
    name: str
    login: str
    region: str


@dataclass(frozen=True, slots=True)
class House:
    """What all acts of one process share: keys, zone, the folders of files and fonts, and what is read once per version.

    `refuses_table_faults`: files of an administrator whose decision tables have faults are not taken into use.
    """

    seal: Seal
    zone: ZoneInfo
    files: Path
    fonts: tuple[Path, ...] = ()
    refuses_table_faults: bool = False
    memory: dict[tuple[str, ...], tuple[int, Any]] = field(default_factory=dict)


class Act:
    """An open transaction on behalf of `actor` (None: a program or the system). Made by `casework.authority` only."""

    def __init__(
        self,
        work: Work,
        house: House,
        *,
        actor: Actor | None,
        capacity: Capacity,
        region: str,
        reads_only: bool = False,
        program: str | None = None,
        scopes: frozenset[Scope] = frozenset(),
    ) -> None:
        self.work = work
        self.house = house
        self.actor = actor
        self.capacity = capacity
        self.region = region
        self.reads_only = reads_only
        #: The program that acts, where no person does, and what it was allowed.
        self.program = program
        self.scopes = scopes
        #: Cases looked at: (case id, purpose); written to the officer's log of views.
        self.views: list[tuple[int, str]] = []
        #: Root instances that the act moved; those in which jobs of ours opened, for the worker that follows the commit.
        self.moved: set[int] = set()
        self.with_jobs: set[int] = set()
        #: Which lists of which audiences changed, for live events.
        self.lists: set[str] = set()
        #: Whether something was put into the outbox, to be done right after the commit.
        self.has_outgoing = False
        #: The case that the act is about, and what of it was touched last: where a refusal is recorded.
        self.about: int | None = None
        self.about_name = ""
        self._before: dict[tuple[type[Record], int], Record] = {}
        self._changed = False
        self._entries = 0
        self._gathered: dict[str, int] | None = None
        #: The case and tasks that are held or were written here, as they are now.
        self._known: dict[tuple[type[Record], int], Record] = {}
        #: Where the audit chains stand that this transaction holds: name -> number and hash of the last entry.
        self._ends: dict[str, tuple[int, str]] = {}
        self._reference: dict[str, int] = {}
        self._changed_reference = False

    @property
    def now(self) -> datetime:
        return self.work.now

    @property
    def today(self) -> date:
        """The day on the region's calendar."""
        return self.work.now.astimezone(self.house.zone).date()

    @property
    def connection(self) -> Connection:
        return self.work.connection

    @property
    def by(self) -> str:
        """Who acts, as it stands in events: the login, `client:` and a program's name, or `system`."""
        return self.actor.login if self.actor else self._nobody

    @property
    def _nobody(self) -> str:
        return client_name(self.program) if self.program else "system"

    # ---- rows

    def get(self, kind: type[R], record_id: int, /) -> R:
        """The record of that id; Unknown where the region has none."""
        found = self._known_by_id(kind, record_id)
        if found is None:
            found = rows.get(self.connection, kind, self.region, record_id)
        case_id = record_id if kind is CaseFile else getattr(found, "case_id", None)
        if case_id is not None:
            self.about, self.about_name = case_id, name_of(found)
        return found

    def find(self, kind: type[R], /, **equals: Any) -> R | None:
        """The one record with these values, None where there is none."""
        if kind in rows.REFERENCE:
            return rows.only(self.find_all(kind, limit=2, **equals))
        if len(equals) == 1 and (known := self._known_by_value(kind, *next(iter(equals.items())))) is not None:
            return known
        return rows.find(self.connection, kind, self.region, **equals)

    def find_all(self, kind: type[R], /, *conditions: Condition, limit: int = 1000, **equals: Any) -> list[R]:
        """The records with these values (a list means one of them), by id."""
        if kind in rows.REFERENCE and not conditions:
            return self.reference(kind).find(equals, limit)
        return rows.find_all(self.connection, kind, self.region, *conditions, limit=limit, **equals)

    def reference(self, kind: type[R], *, region: str | None = None) -> Kept[R]:
        """All records of a kind of reference data, from memory while nothing of it changed in the region."""
        region = region or self.region
        number = self.reference_number(region)
        key = ("reference", region, kind.__name__)
        kept = self.house.memory.get(key)
        if kept is None or number is None or kept[0] != number:
            kept = (number or 0, Kept(rows.find_all(self.connection, kind, region, limit=_ALL)))
            if number is not None:
                self.house.memory[key] = kept
        found: Kept[R] = kept[1]
        return found

    def reference_number(self, region: str | None = None) -> int | None:
        """How often reference data of the region has changed; None once this act itself changed some, which nobody else sees yet."""
        region = region or self.region
        if self._changed_reference:
            return None
        if region not in self._reference:
            mark, own, everywhere = rows.read_standing(self.connection, region)
            self._reference[region], self._reference[EVERYWHERE] = own, everywhere
            self.work.note_mark(mark)
        return self._reference[region]

    def case_of(self, root_instance_id: int) -> CaseFile | None:
        """The case of a root instance."""
        return self.find(CaseFile, root_instance_id=root_instance_id)

    def lock(self, kind: type[R], record_id: int) -> R:
        """The record, held until the transaction ends. A row that belongs to a case locks the case first (`decisions` 37)."""
        if kind in (CaseFile, HumanTask) and self._hold(kind, record_id):
            return self.get(kind, record_id)
        found = self.get(kind, record_id)
        case_id = record_id if kind is CaseFile else getattr(found, "case_id", None)
        if case_id is not None and not self._hold(CaseFile, case_id):
            self.work.lock(self.get(CaseFile, case_id).root_instance_id)
        return rows.get(self.connection, kind, self.region, record_id, lock=True)

    def _hold(self, kind: type[Record], record_id: int) -> bool:
        """Lock a case, by its id or by that of a task of it, and remember what was read with it; False where there is none."""
        find = held_rows.of_task if kind is HumanTask else held_rows.of_case
        held = find(self.connection, self.region, record_id)
        if held is None:
            return False
        self._known.clear()
        self._known[CaseFile, held.case.id] = held.case
        if held.task is not None:
            self._known[HumanTask, held.task.id] = held.task
        self._ends[audit.case_chain(held.case.id)] = held.end
        self._reference.setdefault(self.region, held.reference)
        self.work.hold(held.root, held.task.instance_id if held.task else None, held.mark)
        return True

    def forget(self, kind: type[Record]) -> None:
        """Records of this kind may have been changed by one statement over many rows: read them anew."""
        for key in [key for key in self._known if key[0] is kind]:
            del self._known[key]

    def note_reference(self) -> None:
        """Reference data changes in this act: nothing of it is read from memory, or put there, from now on."""
        self._changed_reference = True

    def _known_by_id(self, kind: type[R], record_id: int) -> R | None:
        if kind in rows.REFERENCE:
            found = self.reference(kind).find({"id": record_id}, 1)
            return found[0] if found else None
        return self._known.get((kind, record_id))  # type: ignore[return-value]  # kept under its own kind

    def _known_by_value(self, kind: type[R], name: str, value: Any) -> R | None:
        if name == "id":
            return self._known_by_id(kind, value)
        if kind is CaseFile and name in ("root_instance_id", "case_no"):
            for (of, _), record in self._known.items():
                if of is kind and getattr(record, name) == value:
                    return record  # type: ignore[return-value]  # as above
        return None

    def lock_case(self, case_id: int) -> CaseFile:
        """The case, held: its root instance first, then its row."""
        return self.lock(CaseFile, case_id)

    def add(self, record: R) -> R:
        """Write a new row and return it."""
        self._touch(type(record))
        self.has_outgoing = self.has_outgoing or isinstance(record, Outgoing)
        rows.add(self.connection, record)
        if isinstance(record, CaseFile | HumanTask):
            self._known[type(record), record.id] = record
        if isinstance(record, CaseFile):
            chain = audit.case_chain(record.id)
            self._ends[chain] = audit.begin(self.connection, self.region, chain, self.now)
        return record

    def change(self, record: R, **values: Any) -> R:
        """Write other values into a row; the record with them. What it was before is kept for the audit entry."""
        self._touch(type(record))
        self._before.setdefault((type(record), record.id), record)
        changed = rows.change(self.connection, record, **values)
        if (type(record), record.id) in self._known:
            self._known[type(record), record.id] = changed
        return changed

    def drop(self, record: Record) -> None:
        """Remove a row that proves nothing (a draft, an offer)."""
        self._touch(type(record))
        rows.drop(self.connection, record)
        self._known.pop((type(record), record.id), None)

    def next_number(self, name: str, *, office: str, year: int | None = None) -> int:
        """The next number of a series, from 1 in each year and office, without gaps."""
        self._refuse_to_write()
        return rows.next_number(self.connection, self.region, name, year or self.today.year, office)

    @staticmethod
    def new_id() -> int:
        return new_id()

    # ---- proof

    def record(
        self, verb: str, subject: Record | str, *, before: Json = None, after: Json = None, ground: str | None = None,
        clause: str | None = None, case_id: int | None = None,
    ) -> int:  # fmt: skip
        """Write the audit entry of what was done and return its id.

        The columns that `change` altered on `subject` are noted by themselves; `before` and `after` add what the rows do not
        say. The entry goes to the chain of the subject's case (or of `case_id`), else to administration's.
        """
        self._refuse_to_write()
        if self._gathered is not None:
            self._gathered[verb] = self._gathered.get(verb, 0) + 1
            return 0
        payload = self._payload(subject, before, after)
        entry = audit.append(
            self.connection, self.house.seal, region=self.region, chain=self._chain(subject, case_id), at=self.now,
            actor_id=self.actor.staff_id if self.actor else None, actor=self.actor.name if self.actor else self._nobody,
            capacity=self.capacity.value, verb=verb, subject=subject if isinstance(subject, str) else name_of(subject),
            ground=ground, clause=clause or None, payload=payload, ends=self._ends,
        )  # fmt: skip
        self._entries += 1
        return entry

    @contextmanager
    def as_one(self, verb: str, subject: Record | str) -> Iterator[None]:
        """Record what happens inside as one entry that counts it by verb: for loading many rows at once, never for a case."""
        self._gathered = {}
        try:
            yield
        finally:
            counted, self._gathered = self._gathered, None
        self.record(verb, subject, after={"counted": {name: counted[name] for name in sorted(counted)}})

    def note_view(self, case_id: int, purpose: str) -> None:
        """Remember that the officer looked at a case, and what for; written when the act ends."""
        if self.actor is not None:
            self.views.append((case_id, purpose))

    def note_change(self, root_id: int, *, has_jobs: bool) -> None:
        """The engine moved a case within this act: that too must be recorded. `has_jobs`: work for us opened in it."""
        self._changed = True
        self.moved.add(root_id)
        if has_jobs:
            self.with_jobs.add(root_id)

    def must_be_recorded(self) -> None:
        """Called before commit: MissingRecord if rows changed and no entry was written."""
        if self._changed and not self._entries:
            raise MissingRecord("rows were changed and nothing was recorded; nothing is kept")

    @property
    def has_record(self) -> bool:
        return self._entries > 0

    def _payload(self, subject: Record | str, before: Json, after: Json) -> Json:
        noted_before: dict[str, Json] = {}
        noted_after: dict[str, Json] = {}
        if isinstance(subject, Record):
            old = self._before.pop((type(subject), subject.id), None)
            names = [item.name for item in fields(subject)]  # type: ignore[arg-type]  # every record is a dataclass
            for name in names if old is not None else ():
                was, is_now = getattr(old, name), getattr(subject, name)
                if was != is_now:
                    noted_before[name], noted_after[name] = plain(was), plain(is_now)
        payload = {
            "before": {**noted_before, **before}
            if isinstance(before, dict)
            else before
            if before is not None
            else noted_before,
            "after": {**noted_after, **after}
            if isinstance(after, dict)
            else after
            if after is not None
            else noted_after,
        }
        return payload if payload["before"] or payload["after"] else None

    def _chain(self, subject: Record | str, case_id: int | None) -> str:
        if case_id is None and isinstance(subject, CaseFile):
            case_id = subject.id
        if case_id is None and isinstance(subject, Record):
            case_id = getattr(subject, "case_id", None)
        return audit.ADMINISTRATION if case_id is None else audit.case_chain(case_id)

    def _touch(self, kind: type[Record]) -> None:
        self._refuse_to_write()
        if kind in rows.REFERENCE:
            self.note_reference()
        if kind not in UNRECORDED:
            self._changed = True

    def _refuse_to_write(self) -> None:
        if self.reads_only:
            raise TypeError("this act was opened to read")


def client_name(program: str) -> str:
    """A program as history and audit name it."""
    return f"client:{program}"


def name_of(record: Record) -> str:
    """A record as the audit names it: `task:7`, `case:JA-01-2026-00001`."""
    match record:
        case CaseFile():
            return f"case:{record.case_no}"
        case HumanTask():
            return f"task:{record.id}:{record.element_id}"
        case _:
            return f"{type(record).__name__.lower()}:{record.id}"


def plain(value: Any) -> Json:
    """A column's value as a JSON value for the audit: moments and dates as ISO text, sealed bytes only by their size."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"<{len(value)} bytes>"
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in _in_order(value)]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return value


def _in_order(values: Iterable[Any]) -> Iterable[Any]:
    return sorted(values, key=str) if isinstance(values, set | frozenset) else values
