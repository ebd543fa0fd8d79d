"""The legal clocks of a case: start, suspend, resume, extend, restart, stop, count again.

The state of a clock is the fold of its events (`law.limits`). Whatever moves a clock moves, in the same transaction, the badge of
the tasks that follow it, the timers that were drawn on it, and the variable `clocks` that diagrams read. What happens when the
time is over is for the diagram to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from casework import deployed, outbox
from casework.act import Act
from casework.errors import Refused
from casework.law import calendar, limits, policy
from casework.law.calendar import DayExplained
from casework.law.limits import Happening, Standing, Terms
from casework.model.cases import CaseFile, HumanTask
from casework.model.law import ClockEvent, ClockEventKind, ClockState, ClockTimer, LegalClock, Unit
from casework.model.record import PARKED
from casework.persistence import spread
from engine.errors import InvalidInput
from engine.model import InstanceState, Json, TimerOpened

RULES_FILE = "clocks.yaml"
GROUNDS_FILE = "grounds.yaml"
STEP = "step"
ALL = "all"
#: Outbox: the calendar changed, a case's clocks are counted again.
RECOUNT = "clocks.recount"
_PARKED_TEXT = PARKED.isoformat()


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A kind of clock, as `clocks.yaml` has it; lengths are names of parameters, never numbers."""

    code: str
    zh: str
    en: str
    parameter: str
    amber: str | None
    rolls: str | None
    per_item: bool
    restarts: bool
    follows: str | None
    suspended_by: tuple[str, ...]
    extended_by: tuple[str, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground on which clocks stand still or are extended, as `grounds.yaml` has it.

    `parameter` names the figure that says whether the ground holds for a case (a truth value) or how far it reaches; None: always.
    """

    code: str
    zh: str
    en: str
    effect: str
    parameter: str | None
    clause: str


def read_grounds(tree: Json) -> dict[str, Ground]:
    """The table of grounds by code."""
    return {
        str(row["code"]): Ground(
            str(row["code"]), str(row["zh"]), str(row["en"]), str(row["effect"]), row.get("parameter"), str(row.get("clause") or "")
        )
        for row in deployed.rows(tree, "grounds")
    }


def read_rules(tree: Json) -> dict[str, ClockRule]:
    """The table of clocks by code."""
    return {
        str(row["code"]): ClockRule(
            code=str(row["code"]), zh=str(row["zh"]), en=str(row["en"]), parameter=str(row["parameter"]),
            amber=row.get("amber"), rolls=row.get("rolls"), per_item=bool(row.get("perItem")), restarts=bool(row.get("restarts")),
            follows=row.get("follows"), suspended_by=tuple(row.get("suspendedBy") or ()),
            extended_by=tuple(row.get("extendedBy") or ()), clause=str(row.get("clause") or ""),
        )
        for row in deployed.rows(tree, "clocks")
    }  # fmt: skip


def rules(act: Act) -> dict[str, ClockRule]:
    """The clocks as deployed."""
    return deployed.table(act, RULES_FILE, read_rules)


def rule_of(act: Act, code: str) -> ClockRule:
    """The rule of a code; InvalidInput for one that no table names."""
    found = rules(act).get(code)
    if found is None:
        raise InvalidInput(f"时限表中没有 {code}。", f"The table of clocks has no {code}.")
    return found


# ---- what a job or an officer does to a clock


def start(
    act: Act, case: CaseFile, code: str, *, item: str = "", at: datetime | None = None, parameter: str | None = None,
    publish: bool = True,
) -> LegalClock:  # fmt: skip
    """Start the clock of a code (and item) at a moment; its length is the case's figure for the rule's parameter.

    A clock that runs already is restarted where its rule says so, else left as it is with an entry in the audit. `publish` off:
    the case has not started yet and gets `clocks` with its first variables.
    """
    rule = rule_of(act, code)
    running = find(act, case, code, item)
    if running is not None:
        if rule.restarts:
            return _happen(act, case, running, ClockEventKind.RESTARTED, at=at, publish=publish)
        act.record("clock-runs-already", running, after={"code": code, "item": item})
        return running
    length = policy.figure(act, case, parameter or rule.parameter)
    if not isinstance(length.value, int | Decimal):
        raise InvalidInput(f"时限 {rule.zh} 没有可用的长度。", f"There is no length for the clock {rule.en}.")
    terms = Terms(
        unit=Unit(length.unit), length=Decimal(length.value), rolls=bool(policy.value(act, case, rule.rolls)) if rule.rolls else False,
        amber_share=Decimal(policy.value(act, case, rule.amber) or 0) if rule.amber else Decimal(0),
    )  # fmt: skip
    moment = at or act.now
    standing = limits.fold(terms, [Happening(ClockEventKind.STARTED, moment)], calendar.of_region(act), act.house.zone)
    clock = act.add(
        LegalClock(
            region=act.region,
            id=act.new_id(),
            case_id=case.id,
            code=code,
            item=item,
            unit=terms.unit,
            length=terms.length,
            rolls=terms.rolls,
            amber_share=terms.amber_share,
            started_at=moment,
            due_at=standing.due_at,
            amber_at=standing.amber_at,
            state=standing.state,
            remaining=standing.remaining,
            extensions=0,
            follows=rule.follows,
            calendar_version=calendar.of_region(act).version,
            provisional=standing.provisional,
            clause=_joined(rule.clause, length.clause),
            row_id=length.row_id,
        )
    )
    _note(act, clock, ClockEventKind.STARTED, moment, standing, n=1)
    _follow(act, case, clock, publish=publish)
    act.record(
        "start-clock", clock, after={"code": code, "item": item, "dueAt": clock.due_at.isoformat()}, clause=clock.clause
    )
    return clock


def start_step(act: Act, case: CaseFile, element_id: str, element_instance_id: int) -> LegalClock:
    """The reminder clock of one stay at an element (its item); its length is the row `step:<element id>` of D03."""
    return start(act, case, STEP, item=str(element_instance_id), parameter=f"step:{element_id}", publish=False)


def suspend(
    act: Act, case: CaseFile, code: str, *, ground: str, item: str = "", at: datetime | None = None
) -> LegalClock:
    """Stop counting on a ground that the clock's rule allows; clocks that follow it stand still too."""
    rule = rule_of(act, code)
    if ground not in rule.suspended_by:
        raise Refused(
            "clock-ground",
            f"“{rule.zh}”不因“{ground}”停钟。",
            f"{rule.en} is not suspended on {ground}.",
            clause=rule.clause,
        )
    clock = _running(act, case, code, item)
    for follower in _followers(act, case, code):
        if follower.state is ClockState.RUNNING:
            _happen(act, case, follower, ClockEventKind.SUSPENDED, at=at, ground=ground)
    return _happen(act, case, clock, ClockEventKind.SUSPENDED, at=at, ground=ground)


def resume(act: Act, case: CaseFile, code: str, *, item: str = "", at: datetime | None = None) -> LegalClock:
    """Count on, in the calendar of the office; clocks that follow go on too."""
    clock = _running(act, case, code, item)
    for follower in _followers(act, case, code):
        if follower.state is ClockState.SUSPENDED:
            _happen(act, case, follower, ClockEventKind.RESUMED, at=at)
    return _happen(act, case, clock, ClockEventKind.RESUMED, at=at)


def extend(act: Act, case: CaseFile, code: str, *, ground: str, amount: Decimal, item: str = "") -> LegalClock:
    """Lengthen a clock by `amount` of its unit, once, before it is over, on a ground that its rule allows."""
    rule = rule_of(act, code)
    clock = _running(act, case, code, item)
    if ground not in rule.extended_by:
        raise Refused(
            "clock-ground",
            f"“{rule.zh}”不因“{ground}”延长。",
            f"{rule.en} is not extended on {ground}.",
            clause=rule.clause,
        )
    if clock.extensions or clock.due_at <= act.now:
        zh, en = f"“{rule.zh}”只能在到期前延长一次。", f"{rule.en} is extended once, before it is over."
        raise Refused("clock-extended", zh, en, clause=rule.clause)
    for follower in _followers(act, case, code):
        _happen(act, case, follower, ClockEventKind.EXTENDED, ground=ground, amount=amount)
    return _happen(act, case, clock, ClockEventKind.EXTENDED, ground=ground, amount=amount)


def stop(
    act: Act, case: CaseFile, code: str, *, item: str = "", at: datetime | None = None, ground: str | None = None,
    publish: bool = True,
) -> list[LegalClock]:  # fmt: skip
    """Stop a clock, or with code `all` every open clock of the case; nothing to stop is no fault."""
    chosen = [clock for clock in open_clocks(act, case) if code == ALL or (clock.code == code and clock.item == item)]
    stopped = [
        _happen(act, case, clock, ClockEventKind.STOPPED, at=at, ground=ground, publish=False) for clock in chosen
    ]
    if stopped and publish:
        publish_clocks(act, case)
    return stopped


def recompute(act: Act, case: CaseFile, *, ground: str) -> list[LegalClock]:
    """Count every open clock of a case again after the calendar changed; those whose dates moved."""
    moved = []
    version = calendar.of_region(act).version
    for clock in open_clocks(act, case):
        standing = standing_of(act, clock)
        changed = (standing.due_at, standing.amber_at, standing.provisional) != (
            clock.due_at,
            clock.amber_at,
            clock.provisional,
        )
        if changed and clock.state is ClockState.RUNNING:
            moved.append(_happen(act, case, clock, ClockEventKind.RECOMPUTED, ground=ground))
        elif clock.calendar_version != version:
            act.change(clock, calendar_version=version, provisional=standing.provisional)
    return moved


def declare_day(act: Act, on: date, *, working: bool | None, name: str = "", name_en: str = "") -> int:
    """Declare a day of the region's calendar (None: back to the week's rule); how many cases are counted again for it.

    Who may do so is asked by `administration.declare_day`. Each case is counted in a transaction of its own, from the outbox, and logged.
    """
    version = calendar.set_day(act, on, working=working, name=name, name_en=name_en).version
    running = act.find_all(LegalClock, state=[ClockState.RUNNING, ClockState.SUSPENDED], limit=1_000_000)
    cases = sorted({clock.case_id for clock in running if clock.unit is Unit.WORKDAYS or clock.rolls})
    for case_id in cases:
        outbox.put(act, RECOUNT, {"caseId": case_id, "ground": f"日历调整:{on}"}, case_id=case_id, cause=f"calendar:{version}:{case_id}")
    return len(cases)


# ---- reading


def open_clocks(act: Act, case: CaseFile) -> list[LegalClock]:
    """The clocks of a case that are not stopped."""
    return act.find_all(LegalClock, case_id=case.id, state=[ClockState.RUNNING, ClockState.SUSPENDED])


def of_case(act: Act, case: CaseFile) -> list[LegalClock]:
    """All clocks of a case, stopped ones too."""
    return act.find_all(LegalClock, case_id=case.id)


def find(act: Act, case: CaseFile, code: str, item: str = "") -> LegalClock | None:
    """The open clock of a code and item; None where none runs."""
    return act.find(LegalClock, case_id=case.id, code=code, item=item, state=[ClockState.RUNNING, ClockState.SUSPENDED])


def standing_of(act: Act, clock: LegalClock) -> Standing:
    """The fold of a clock's events in today's calendar."""
    events = [Happening(event.kind, event.at, event.amount) for event in events_of(act, clock)]
    return limits.fold(_terms(clock), events, calendar.of_region(act), act.house.zone)


def events_of(act: Act, clock: LegalClock) -> list[ClockEvent]:
    """What happened to a clock, in order."""
    return sorted(act.find_all(ClockEvent, clock_id=clock.id), key=lambda event: event.n)


def remaining_now(act: Act, clock: LegalClock) -> Decimal:
    """What is left of a clock at this moment, in its unit."""
    return limits.remaining_at(_terms(clock), standing_of(act, clock), act.now, calendar.of_region(act), act.house.zone)


def days(act: Act, clock: LegalClock) -> list[DayExplained]:
    """Each day from the last start or resumption to the due date, and why it counts or not; none for hours."""
    standing = standing_of(act, clock)
    if standing.due_on is None:
        return []
    return calendar.of_region(act).explain(limits.local_day(standing.leg_from, act.house.zone), standing.due_on)


def record_of(act: Act, clock: LegalClock | None, *, code: str = "", item: str = "") -> dict[str, Json]:
    """A clock as diagrams read it (`clocks.<code>`, `paper.clock`); parked for one that does not run (`decisions` 25)."""
    if clock is None:
        return {
            "code": code, "item": item, "startedAt": None, "dueAt": _PARKED_TEXT, "amberAt": _PARKED_TEXT, "dueOn": None,
            "suspended": False, "remaining": None, "extensions": 0, "state": "parked",
        }  # fmt: skip
    due_on = limits.last_day(clock.due_at, clock.unit, act.house.zone)
    return {
        "code": clock.code, "item": clock.item, "startedAt": _text(act, clock.started_at), "dueAt": _text(act, clock.due_at),
        "amberAt": _text(act, clock.amber_at), "dueOn": due_on.isoformat() if due_on else None,
        "suspended": clock.state is ClockState.SUSPENDED, "remaining": clock.remaining, "extensions": clock.extensions,
        "state": clock.state.value,
    }  # fmt: skip


def variable(act: Act, case: CaseFile, codes: tuple[str, ...]) -> dict[str, Json]:
    """The variable `clocks`: every code of the procedure, those that never started parked; the case's own clocks only."""
    newest: dict[str, LegalClock] = {}
    for clock in of_case(act, case):
        if not clock.item and clock.code != STEP:
            newest[clock.code] = clock
    wanted = dict.fromkeys((*codes, *newest))
    return {code: record_of(act, newest.get(code), code=code) for code in wanted}


# ---- timers of the engine that follow


def tie(act: Act, case: CaseFile, opened: TimerOpened) -> None:
    """Remember that a timer was drawn on a clock (property `clock`, `edge`), so that it moves when the clock does."""
    named = opened.properties.get("clock")
    edge = str(opened.properties.get("edge") or "due")
    code, item = _named(named)
    if code is None:
        return
    if code == STEP:
        item = str(opened.element_instance_id)
    clock = find(act, case, code, item)
    act.add(
        ClockTimer(
            region=act.region,
            id=opened.id,
            clock_id=clock.id if clock else None,
            case_id=case.id,
            code=code,
            item=item,
            edge=edge,
        )
    )


def untie(act: Act, timer_id: int) -> None:
    """Forget a timer that fired or was taken away."""
    tied = act.find(ClockTimer, id=timer_id)
    if tied is not None:
        act.drop(tied)


def publish_clocks(act: Act, case: CaseFile) -> None:
    """Write `clocks` into every running instance of the case."""
    for instance in act.work.instances(case.root_instance_id):
        if instance.state is not InstanceState.ACTIVE:
            continue
        codes = tuple(act.work.variables(instance.id, ["clocks"]).get("clocks") or ())
        act.work.set_variables(instance.id, {"clocks": variable(act, case, codes)}, local=True)


def code_and_item(named: Json) -> tuple[str | None, str]:
    """What a property `clock` names: a code, or a clock's record (`=paper.clock`)."""
    return _named(named)


def _named(named: Json) -> tuple[str | None, str]:
    if isinstance(named, Mapping):
        return (str(named["code"]), str(named.get("item") or "")) if named.get("code") else (None, "")
    return (named, "") if isinstance(named, str) and named else (None, "")


def _happen(
    act: Act, case: CaseFile, clock: LegalClock, kind: ClockEventKind, *, at: datetime | None = None, ground: str | None = None,
    amount: Decimal | None = None, publish: bool = True,
) -> LegalClock:  # fmt: skip
    """Add an event, fold, write the row, and let tasks, timers and variables follow."""
    moment = at or act.now
    earlier = events_of(act, clock)
    happenings = [Happening(event.kind, event.at, event.amount) for event in earlier]
    standing = limits.fold(
        _terms(clock), [*happenings, Happening(kind, moment, amount)], calendar.of_region(act), act.house.zone
    )
    before = clock
    moved = act.change(
        clock, state=standing.state, started_at=standing.started_at, due_at=standing.due_at, amber_at=standing.amber_at,
        remaining=standing.remaining, extensions=standing.extensions, calendar_version=calendar.of_region(act).version,
        provisional=standing.provisional,
    )  # fmt: skip
    _note(act, before, kind, moment, standing, n=len(earlier) + 1, ground=ground, amount=amount)
    _follow(act, case, moved, publish=publish)
    act.record(
        f"clock-{kind.value}", moved, ground=ground, clause=moved.clause, after={"code": moved.code, "item": moved.item}
    )
    return moved


def _note(
    act: Act, clock: LegalClock, kind: ClockEventKind, at: datetime, standing: Standing, *, n: int, ground: str | None = None,
    amount: Decimal | None = None,
) -> None:  # fmt: skip
    first = kind is ClockEventKind.STARTED
    act.add(
        ClockEvent(
            region=act.region,
            id=act.new_id(),
            clock_id=clock.id,
            n=n,
            kind=kind,
            at=at,
            amount=amount,
            ground=ground,
            clause=clock.clause,
            by=act.by,
            remaining_before=None if first else clock.remaining,
            remaining_after=standing.remaining,
            due_before=None if first else clock.due_at,
            due_after=standing.due_at,
            told=(),
        )
    )


def _follow(act: Act, case: CaseFile, clock: LegalClock, *, publish: bool) -> None:
    """Badges, timers and the variable after a clock moved."""
    ref = f"{clock.code}|{clock.item}"
    spread.due(act.connection, act.region, case_id=case.id, clock_ref=ref, clock_id=clock.id, due_at=clock.due_at)
    act.forget(HumanTask)
    act.lists.add("tasks")
    for timer in act.find_all(ClockTimer, case_id=case.id, code=clock.code, item=clock.item):
        if timer.clock_id != clock.id:
            act.change(timer, clock_id=clock.id)
        act.work.change_due_date(timer.id, clock.amber_at if timer.edge == "amber" else clock.due_at)
    if publish and not clock.item:
        publish_clocks(act, case)


def _running(act: Act, case: CaseFile, code: str, item: str) -> LegalClock:
    clock = find(act, case, code, item)
    if clock is None:
        raise InvalidInput(
            f"案件 {case.case_no} 没有运行中的时限 {code}。", f"Case {case.case_no} has no open clock {code}."
        )
    return clock


def _holds(act: Act, case: CaseFile, ground: str) -> bool:
    """Whether a ground counts for the case: its parameter says no only where it is false."""
    known = deployed.table(act, GROUNDS_FILE, read_grounds).get(ground)
    if known is None:
        return False
    return known.parameter is None or policy.value(act, case, known.parameter) is not False


def _followers(act: Act, case: CaseFile, code: str) -> list[LegalClock]:
    return [clock for clock in open_clocks(act, case) if clock.follows == code]


def _terms(clock: LegalClock) -> Terms:
    """The terms at the start: the row's length holds no extensions, the events add them."""
    return Terms(unit=clock.unit, length=clock.length, rolls=clock.rolls, amber_share=clock.amber_share)


def _text(act: Act, moment: datetime) -> str:
    return _PARKED_TEXT if moment >= PARKED else moment.astimezone(act.house.zone).isoformat()


def _joined(*clauses: str) -> str:
    parts = [part for clause in clauses for part in clause.replace(";", ",").split(",") if part.strip()]
    return ",".join(dict.fromkeys(part.strip() for part in parts))
