"""Ledgers (台账): one generic ledger of dated events, as of any day and as it was known at any moment.

An entry is the fold of its append-only events; the row `ledger_entry` repeats the fold as it stands now, so that lists and counts
are plain queries. Which ledgers there are and what columns they have is deployed (`ledgers.yaml`); no L-number stands here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from casework import deployed, notify
from casework.act import Act
from casework.deployed import BadTable
from casework.model.cases import CaseFile
from casework.model.people import Office, OfficeKind
from casework.model.records import LedgerEntry, LedgerEvent
from casework.people import organisation, relations
from casework.persistence import ledgers as queries
from casework.records import masks
from engine.errors import InvalidInput, Unknown
from engine.model import Json

FILE = "ledgers.yaml"
TYPES = frozenset({"text", "number", "money", "boolean", "day", "moment", "word", "post", "case"})
STRUCK_BY = frozenset({"caseEnd", "close", "never"})
OPENED = "opened"
FLAGGED = "flagged"
CHANGED = "changed"
STRUCK = "struck"
PAGE = 50


@dataclass(frozen=True, slots=True)
class Column:
    """A typed column; type `word` shows a coded value by the list `words` of `texts.yaml`. `mask` hides it from other posts."""

    code: str
    zh: str
    en: str
    type: str
    mask: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """A deployed ledger. `struck_by` says when entries are struck off: `caseEnd`, `close` (one by one) or `never`."""

    code: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    clause: str = ""
    struck_by: str = "close"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as of a day and a moment of knowledge; `data` as the reader may see them."""

    entry: LedgerEntry
    data: Mapping[str, Json]
    case_no: str | None
    office_name: str


@dataclass(frozen=True, slots=True)
class Page:
    """Lines of one ledger; `next` is the id to go on after, None at the end.

    `labels` says how coded values are shown: column -> code -> (Chinese, English); a code without label is shown as it is.
    """

    ledger: Ledger
    lines: tuple[Line, ...]
    next: int | None
    labels: Mapping[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict)


def fold(entry: LedgerEntry, events: Iterable[LedgerEvent], *, as_of: date | None = None, known_at: datetime | None = None) -> LedgerEntry | None:
    """The entry as it stood on a day, by what was recorded until a moment; None where it was not opened yet.

    Events count in the order of their numbers. An event recorded later may be valid earlier: it changes the past as it is
    known now and not as it was known then.
    """
    state: LedgerEntry | None = None
    for event in sorted(events, key=lambda one: one.n):
        if (as_of is not None and event.valid_on > as_of) or (known_at is not None and event.recorded_at > known_at):
            continue
        if event.what == OPENED:
            state = replace(entry, opened_on=event.valid_on, struck_on=None, red_at=None, flagged=False, data=event.data)
        elif state is not None:
            state = _folded(state, event)
    return state


def _folded(state: LedgerEntry, event: LedgerEvent) -> LedgerEntry:
    match event.what:
        case "flagged":
            return replace(state, flagged=True, red_at=event.recorded_at)
        case "changed":
            return replace(state, data={**state.data, **event.data})
        case "struck":
            return replace(state, struck_on=event.valid_on)
        case _:
            return state


# -- which ledgers there are -------------------------------------------------------------------------------------------


def parse(tree: Json) -> dict[str, Ledger]:
    """`ledgers.yaml`: code -> ledger. Raises BadTable."""
    found: dict[str, Ledger] = {}
    for row in deployed.rows(tree, "ledgers"):
        code = deployed.text(row, "code")
        columns = tuple(_column(column) for column in deployed.rows(row, "columns"))
        wrong = [column.code for column in columns if column.type not in TYPES]
        if wrong or code in found:
            raise BadTable(f"台账 {code} 重复或栏目类型不明:{wrong}", f"Ledger {code} stands twice or has columns of unknown type: {wrong}")
        struck_by = deployed.text(row, "struckBy", "close")
        if struck_by not in STRUCK_BY:
            raise BadTable(f"台账 {code} 的销号方式不明:{struck_by}", f"Ledger {code}: unknown way of striking off {struck_by}")
        zh, en, clause = deployed.text(row, "zh"), deployed.text(row, "en"), deployed.text(row, "clause", "")
        found[code] = Ledger(code, zh, en, columns, clause, struck_by)
    return found


def _column(row: Mapping[str, Json]) -> Column:
    name, _, words = deployed.text(row, "type").partition(":")
    zh, en = deployed.text(row, "zh"), deployed.text(row, "en")
    return Column(deployed.text(row, "key"), zh, en, type=name, mask=row.get("mask"), words=words or None)


def all_kinds(act: Act) -> dict[str, Ledger]:
    """Every deployed ledger by its code."""
    return deployed.table(act, FILE, parse)


def kind(act: Act, code: str) -> Ledger:
    """A ledger by its code; InvalidInput for one that is not deployed."""
    ledger = all_kinds(act).get(code)
    if ledger is None:
        raise InvalidInput(f"没有台账 {code}。", f"There is no ledger {code}.")
    return ledger


# -- writing -----------------------------------------------------------------------------------------------------------


def add(
    act: Act, case: CaseFile, code: str, data: Mapping[str, Json], *, item: str = "", opened_on: date | None = None
) -> LedgerEntry:
    """Open an entry for a case. InvalidInput for a ledger or a column that is not deployed (the diagram's mistake)."""
    ledger = kind(act, code)
    typed = _typed(ledger, data)
    office = act.get(Office, case.office_id)
    number = act.next_number(f"ledger:{code}", office=office.code)
    entry = LedgerEntry(
        region=act.region, id=act.new_id(), ledger=code, entry_no=f"{code}-{office.code}-{act.today.year}-{number:05}",
        case_id=case.id, office_id=case.office_id, item=item, opened_on=opened_on or act.today, struck_on=None, red_at=None,
        flagged=False, data=typed,
    )  # fmt: skip
    act.add(entry)
    _event(act, entry, n=1, what=OPENED, valid_on=entry.opened_on, data=typed)
    act.record("ledger-open", entry, after={"ledger": code, "item": item, **typed})
    return entry


def flag(act: Act, case: CaseFile, code: str, *, item: str | None = None, ground: str | None = None) -> list[LedgerEntry]:
    """Mark the case's open entries of a ledger red (all, or those of one item); those that are red stay as they are."""
    return [_append(act, entry, FLAGGED, ground, flagged=True, red_at=act.now) for entry in _open(act, case, code, item) if not entry.flagged]


def strike(act: Act, case: CaseFile, code: str, *, item: str | None = None, ground: str | None = None) -> list[LedgerEntry]:
    """Strike the case's open entries of a ledger off (all, or those of one item)."""
    return [_append(act, entry, STRUCK, ground, struck_on=act.today) for entry in _open(act, case, code, item)]


def strike_ended(act: Act, case: CaseFile, ground: str) -> list[LedgerEntry]:
    """Strike what an ended case left open in the ledgers that are struck off with the case."""
    if not act.find_all(LedgerEntry, case_id=case.id, limit=1):
        return []
    ending = [code for code, ledger in all_kinds(act).items() if ledger.struck_by == "caseEnd"]
    return [entry for code in ending for entry in strike(act, case, code, ground=ground)]


def change(act: Act, entry: LedgerEntry, data: Mapping[str, Json], *, ground: str | None = None) -> LedgerEntry:
    """Put other values into some columns; what stood there stays in the events."""
    typed = _typed(kind(act, entry.ledger), data)
    return _append(act, entry, CHANGED, ground, event_data=typed, data={**entry.data, **typed})


def count(act: Act, office_id: int, code: str, state: str) -> int:
    """How many entries of an office are `open` or `overdue` (open and red)."""
    if state not in ("open", "overdue"):
        raise InvalidInput(f"台账状态“{state}”不存在,应为 open 或 overdue。", f"No ledger state {state!r}: open or overdue.")
    return queries.open_count(act.connection, act.region, kind(act, code).code, office_id, red_only=state == "overdue")


# -- reading -----------------------------------------------------------------------------------------------------------


def of_case(act: Act, case_id: int) -> list[LedgerEntry]:
    """Every entry of a case, oldest first."""
    return act.find_all(LedgerEntry, case_id=case_id)


def open_items(act: Act, case_id: int, code: str) -> list[LedgerEntry]:
    """The case's entries of a ledger that are not struck off."""
    return act.find_all(LedgerEntry, case_id=case_id, ledger=code, struck_on=None)


def visible(act: Act) -> list[Ledger]:
    """The ledgers that the reader may open: all deployed ones for posts that work on cases, none for others."""
    return list(all_kinds(act).values()) if _offices(act) != [] else []


def page(
    act: Act, code: str, *, as_of: date | None = None, known_at: datetime | None = None, after: int = 0, limit: int = PAGE
) -> Page:
    """A page of a ledger in order of entry: as it stands, or as of a day, or as it was known at a moment.

    The reader sees the entries of her offices and of those below them, without the cases from which a relation bars her;
    columns with a mask are plain for the posts of the mask only. Unknown for who may open no ledger.
    """
    ledger = kind(act, code)
    offices = _offices(act)
    if offices == []:
        raise Unknown("没有这份台账。", "There is no such ledger.")
    entries = queries.entries(act.connection, act.region, code, offices=offices, after=after, limit=limit + 1)
    more = entries[limit - 1].id if len(entries) > limit else None
    shown: list[LedgerEntry] = entries[:limit]
    if as_of is not None or known_at is not None:
        events = queries.events(act.connection, act.region, [entry.id for entry in shown])
        folded = (fold(entry, events[entry.id], as_of=as_of, known_at=known_at) for entry in shown)
        shown = [entry for entry in folded if entry is not None]
    return Page(ledger, tuple(_lines(act, ledger, shown)), more, labels(act, ledger))


def labels(act: Act, ledger: Ledger) -> dict[str, Mapping[str, tuple[str, str]]]:
    """How the coded values of a ledger are shown: its columns of words and of posts."""
    words = notify.texts(act).words
    posts = {code: (post.zh, post.en) for code, post in organisation.posts(act).items()}
    found = {column.code: words.get(column.words, {}) for column in ledger.columns if column.words is not None}
    return {**found, **{column.code: posts for column in ledger.columns if column.type == "post"}}


def _lines(act: Act, ledger: Ledger, entries: Sequence[LedgerEntry]) -> Iterator[Line]:
    cases = {case.id: case for case in act.find_all(CaseFile, id=[one.case_id for one in entries if one.case_id is not None])}
    names = {office.id: office.name for office in act.find_all(Office, id=[one.office_id for one in entries])}
    held = {one.post for one in organisation.holdings_of(act, act.actor.staff_id)} if act.actor else None
    households, barred = relations.barred_cases(act, act.actor.staff_id) if act.actor else (set(), set())
    codes = {column.code: column.mask for column in ledger.columns if column.mask}
    for entry in entries:
        case = cases.get(entry.case_id) if entry.case_id is not None else None
        if case is not None and (case.id in barred or case.household_id in households):
            continue
        data = entry.data if held is None else masks.fields_for_posts(entry.data, codes, held)
        yield Line(entry, data, case.case_no if case else None, names.get(entry.office_id, ""))


def _offices(act: Act) -> list[int] | None:
    """Whose entries the reader may see: None means all of the region, an empty list means none."""
    if act.actor is None:
        return None
    held = [one for one in organisation.holdings_of(act, act.actor.staff_id) if one.post in masks.CASE_POSTS]
    if any(one.office.kind is OfficeKind.DISTRICT for one in held):
        return None
    own = {one.office.id for one in held}
    return [office.id for office in organisation.offices(act) if office.id in own or office.parent_id in own]


# -- helpers -----------------------------------------------------------------------------------------------------------


def _open(act: Act, case: CaseFile, code: str, item: str | None) -> list[LedgerEntry]:
    return [entry for entry in open_items(act, case.id, code) if item is None or entry.item == item]


def _append(act: Act, entry: LedgerEntry, what: str, ground: str | None, *, event_data: Json = None, **values: Any) -> LedgerEntry:
    last = queries.last_event(act.connection, act.region, entry.id)
    _event(act, entry, n=last + 1, what=what, valid_on=act.today, data=event_data or {}, ground=ground)
    changed = act.change(entry, **values)
    act.record(f"ledger-{what}", changed, ground=ground)
    return changed


def _event(
    act: Act, entry: LedgerEntry, *, n: int, what: str, valid_on: date, data: Json, ground: str | None = None
) -> None:
    act.add(
        LedgerEvent(
            region=act.region, id=act.new_id(), entry_id=entry.id, n=n, valid_on=valid_on, recorded_at=act.now, what=what,
            ground=ground, by=act.by, data=data,
        )
    )


def _typed(ledger: Ledger, data: Mapping[str, Json]) -> dict[str, Json]:
    """The entry's values by column, each of its column's type."""
    columns = {column.code: column for column in ledger.columns}
    unknown = sorted(data.keys() - columns.keys())
    if unknown:
        names = ", ".join(unknown)
        raise InvalidInput(f"台账 {ledger.code} 没有这些栏目:{names}。", f"Ledger {ledger.code} has no columns {names}.")
    wrong = sorted(name for name, value in data.items() if value is not None and not _fits(columns[name].type, value))
    if wrong:
        names = ", ".join(wrong)
        raise InvalidInput(f"台账 {ledger.code} 的栏目类型不符:{names}。", f"Ledger {ledger.code}: values of a wrong type in {names}.")
    return dict(data)


def _fits(kind: str, value: Json) -> bool:
    match kind:
        case "number" | "money":
            return isinstance(value, int | Decimal) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "day" | "moment":
            return isinstance(value, str) and _is_moment(value)
        case _:
            return isinstance(value, str)


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
