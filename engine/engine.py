"""The engine: opens units of work, and works off what is due.

What it knows of the layer above are plain callables given at construction; it imports nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from engine.clock import Clock, ManualClock, SystemClock
from engine.definitions import Definitions
from engine.deployment import Checker, Deployer, Rule
from engine.errors import CallerError
from engine.feel import Builtin
from engine.log import log
from engine.model import Changes, Starting, Variables
from engine.persistence import Connection, Database, claims, clock_row, waits
from engine.work import Work

ATTEMPTS = 8
"""How often a thrown message or signal is tried before it is set aside for a person."""
_BATCH = 100
_BEFORE_ALL = (datetime(1970, 1, 1, tzinfo=UTC), 0)


class DueSource(Protocol):
    """Something else with a due moment that must happen in order with the timers (the outbox of the layer above)."""

    def next_due(self, connection: Connection) -> datetime | None: ...

    def run_due(self, now: datetime) -> int:
        """Work off what is due at `now`, each in a transaction of its own; how many were done."""
        ...


def _log_failed_timer(region: str, timer_id: int, error: Exception) -> None:
    if isinstance(error, CallerError):
        log.warning("timer %s of region %s was not fired: %s", timer_id, region, error)
    else:
        log.error("timer %s of region %s failed; it is tried again", timer_id, region, exc_info=error)


def _nothing(*_arguments: object) -> None:
    return None


class ProcessEngine:
    """BPMN, DMN and FEEL over one database.

    `on_start(work, starting)` gives the variables a root instance begins with; `on_change(work, changes)` reacts to a
    command in its transaction, with rows only; `choose_decision(work, decision_id, root_id)` gives the version of a decision
    bound `latest` (None: the newest); `environment(work, root_id)` is handed to FEEL functions that need one; `rules` judge
    further what is deployed; `resource_kinds` maps a suffix to its checker; `regions(connection)` lists where timer starts run.
    """

    def __init__(
        self, database: Database, clock: Clock | None = None, *, functions: Mapping[str, Builtin] | None = None,
        rules: Sequence[Rule] = (), on_start: Callable[[Work, Starting], Variables | None] = _nothing,
        on_change: Callable[[Work, Changes], None] = _nothing,
        choose_decision: Callable[[Work, str, int], int | None] = _nothing,
        environment: Callable[[Work, int], object] = _nothing, resource_kinds: Mapping[str, Checker] | None = None,
        due_sources: Sequence[DueSource] = (), regions: Callable[[Connection], Iterable[str]] = lambda _: ("-",),
        zone: ZoneInfo | None = None, lease_clock: Clock | None = None,
    ) -> None:  # fmt: skip
        self.database = database
        self.clock: Clock = clock or SystemClock()
        self.lease_clock: Clock = lease_clock or SystemClock()
        self.zone = zone or ZoneInfo("Asia/Shanghai")
        self.definitions = Definitions(functions or {})
        self.deployer = Deployer(
            self.definitions, rules=rules, resource_kinds=resource_kinds or {}, zone=self.zone, regions=regions
        )
        self.due_sources = list(due_sources)
        self.choose_decision = choose_decision
        self.environment = environment
        self.on_change = on_change
        self._on_start = on_start

    def on_start(self, work: Work, starting: Starting) -> Variables:
        return self._on_start(work, starting) or {}

    @contextmanager
    def work(self, *, region: str = "-", by: str = "system", now: datetime | None = None) -> Iterator[Work]:
        """One transaction: commits at the end of the block, rolls back on any exception.

        What was thrown to other instances is delivered right after the commit, in transactions of its own.
        """
        with self.database.begin() as connection:
            work = self._work(connection, region, by, now or self.now(connection))
            yield work
        if work.has_thrown:
            self.run_thrown()

    @contextmanager
    def read(self, *, region: str = "-", by: str = "system") -> Iterator[Work]:
        """A unit of work for reads only; a command in it fails at the database."""
        with self.database.read() as connection:
            yield self._work(connection, region, by, self.now(connection))

    def _work(self, connection: Connection, region: str, by: str, now: datetime) -> Work:
        return Work(self, connection, region=region, now=now, leased_now=self.lease_clock.now(), by=by)

    def now(self, connection: Connection) -> datetime:
        """The engine's present moment; with a manual clock all nodes share the one that the database keeps."""
        if isinstance(self.clock, ManualClock):
            kept = clock_row.read(connection)
            if kept is not None and kept > self.clock.now():
                self.clock.set(kept)
        return self.clock.now()

    # -- what is due --------------------------------------------------------------------------------------------------

    def next_due(self) -> datetime | None:
        """The earliest moment at which something is due; None when nothing is planned."""
        with self.database.read() as connection:
            moments = [claims.next_due(connection), *(source.next_due(connection) for source in self.due_sources)]
        return min((moment for moment in moments if moment is not None), default=None)

    def run_due(self, now: datetime | None = None) -> int:
        """Work off what is due: thrown events, timers, timer starts, other sources; how many were done.

        Each is a transaction of its own. One that fails is logged, left for a later round and does not stop the others.
        """
        if now is None:
            with self.database.read() as connection:
                now = self.now(connection)
        done = self.run_thrown()
        done += self._run_timers(now)
        for source in self.due_sources:
            done += source.run_due(now)
        return done

    def _run_timers(self, now: datetime) -> int:
        done, last = 0, _BEFORE_ALL
        try:
            for _ in range(_BATCH):
                claimed, fired = self._run_next_timer(now, last)
                if claimed is None:
                    break
                done += fired
                last = (claimed.due_at, claimed.id)  # one that failed stays behind, and is tried in the next round
        except Exception:  # noqa: BLE001 - the edge: what cannot even be read must not stop the others
            log.exception("the next due timer cannot be read; those that are due are fired one by one")
            done += self._run_listed_timers(now, last)
        with self.database.read() as connection:
            starts = claims.due_start_timers(connection, now, _BATCH)
        for due, region, timer_id in starts:
            try:
                with self.work(region=region, by="timer", now=max(due, now)) as work:
                    done += work.fire_start_timer(timer_id) is not None
            except Exception as error:  # noqa: BLE001 - the edge: one poisoned timer must not stop the others
                _log_failed_timer(region, timer_id, error)
        return done

    def _run_listed_timers(self, now: datetime, last: tuple[datetime, int]) -> int:
        with self.database.read() as connection:
            timers = claims.due_timers(connection, now, last, _BATCH)
        done = 0
        for due, region, timer_id in timers:
            try:
                with self.work(region=region, by="timer", now=max(due, now)) as work:
                    done += work.fire_timer(timer_id) is not None
            except Exception as error:  # noqa: BLE001 - as above
                _log_failed_timer(region, timer_id, error)
        return done

    def _run_next_timer(self, now: datetime, last: tuple[datetime, int]) -> tuple[Any, bool]:
        """Claim and fire the first due timer behind `last` (due, id) in one transaction: its row, if any, and whether it fired."""
        row, work = None, None
        try:
            with self.database.begin() as connection:
                claimed = claims.claim_next_timer(connection, now, last)
                if claimed is not None:
                    row, root = claimed
                    work = self._work(connection, row.region, "timer", max(row.due_at, now))
                    work.fire_claimed_timer(row, root)
        except Exception as error:
            if row is None:
                raise
            _log_failed_timer(row.region, row.id, error)
            return row, False
        if work is not None and work.has_thrown:
            self.run_thrown()
        return row, row is not None

    def run_thrown(self) -> int:
        """Deliver messages and signals that instances threw; how many were delivered."""
        done = 0
        while True:
            now = self.lease_clock.now()
            with self.database.read() as connection:
                waiting = claims.due_thrown(connection, now, _BATCH)
            for _, region, thrown_id in waiting:
                try:
                    with self.database.begin() as connection:
                        Work(
                            self, connection, region=region, now=self.now(connection), leased_now=now, by="system"
                        ).deliver(thrown_id)  # fmt: skip
                    done += 1
                except Exception:  # noqa: BLE001 - the edge: one poisoned delivery must not stop the others
                    log.exception("delivery %s of region %s failed; it is tried again", thrown_id, region)
                    with self.database.begin() as connection:
                        waits.postpone_thrown(connection, region, thrown_id, now + timedelta(seconds=30), most=ATTEMPTS)
            if not waiting:
                return done

    # -- the manual clock ---------------------------------------------------------------------------------------------

    def advance_to(self, moment: datetime) -> datetime:
        """Move the manual clock; everything due on the way has happened, in order, when this returns.

        ValueError when the moment lies in the past or the clock is not manual (the caller's mistake).
        """
        if not isinstance(self.clock, ManualClock):
            raise ValueError("the clock follows the machine; it cannot be moved")
        with self.database.read() as connection:
            now = self.now(connection)
        if moment < now:
            raise ValueError(f"the clock moves forward only: it is {now.isoformat()}, asked {moment.isoformat()}")
        while (due := self.next_due()) is not None and due <= moment:
            self._move(self.clock, max(due, self.clock.now()))
            if self.run_due(self.clock.now()) == 0:
                break  # what is left cannot be done now (it failed, or another node holds it)
        self._move(self.clock, moment)
        self.run_due(moment)
        return moment

    def _move(self, clock: ManualClock, moment: datetime) -> None:
        with self.database.begin() as connection:
            clock_row.write(connection, moment)
        clock.set(moment)
