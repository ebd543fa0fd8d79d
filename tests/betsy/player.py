"""Plays one case on the engine: the test is the worker, the clock is moved, and what was logged comes back.

Every command is a transaction of its own, so that the instance is stored and read again at every step; with `forget`
each command has an engine of its own too, which parses the diagram again as a node does that just started.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.clock import ManualClock
from engine.engine import ProcessEngine
from engine.errors import Closed, DeploymentRefused
from engine.invariants import broken
from engine.model import Job, Resource
from engine.persistence import Database
from tests.betsy.suite import Case

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
REGION = "JA"
LEASE = timedelta(days=1)
MARKER = "MARKER_exists"
WORKING = timedelta(seconds=10)
SLOW = frozenset({"WAIT_TEN_SECONDS", "CREATE_TIMESTAMP_LOG_1", "CREATE_TIMESTAMP_LOG_2"})
WORDS = frozenset({f"SCRIPT_task{number}" for number in range(1, 6)})
TOKENS = sorted(
    SLOW | WORDS
    | {"CREATE_LOG_FILE", "CREATE_MARKER_FILE", "INCREMENT_INTEGER_VARIABLE", "INCREMENT_INTEGER_VARIABLE_AND_LOG",
       "SET_STRING_DATA", "LOG_DATA", "THROW_ERROR"}
)  # fmt: skip
_INCIDENTS = {"UNHANDLED_ERROR_EVENT": "ERROR_thrownErrorEvent"}
MANY = 500
"""Jobs of one case; the longest case has 17, so more means that the model runs in circles."""


class Refused(Exception):
    """The model was refused at deployment; `rules` names element and rule of every problem."""

    def __init__(self, rules: list[str]) -> None:
        super().__init__(", ".join(rules))
        self.rules = rules


class RunsInCircles(Exception):
    """The case asks for more work than any case can."""


class Player:
    def __init__(self, url: str, *, forget: bool = False) -> None:
        self._database = Database(url)
        self._clock = ManualClock(START)
        self._forget = forget
        self._engine = self._new_engine()
        self._log: list[str] = []
        self._slow: dict[int, tuple[Job, datetime]] = {}
        self._done: set[int] = set()
        self._worked = 0

    def close(self) -> None:
        self._database.close()

    def play(self, case: Case, model: bytes) -> list[str]:
        """The log and outcome words of a case, sorted. Raises `Refused`, or `RunsInCircles`."""
        try:
            self._do(lambda work: work.deploy([Resource(f"{case.name}.bpmn", model)]))
        except DeploymentRefused as refused:
            raise Refused([f"{problem.element_id}: {problem.rule}" for problem in refused.problems]) from None
        if case.parallel:
            self._do(lambda work: work.start_instance("ParallelProcess", {}))
            self._work()
        self._do(lambda work: work.start_instance(case.name, dict(case.variables)))
        self._work()
        for _ in range(int(case.delay)):
            self.engine.advance_to(self._clock.now() + timedelta(seconds=1))
            self._work()
        return self._outcome()

    @property
    def engine(self) -> ProcessEngine:
        if self._forget:
            self._engine = self._new_engine()
        return self._engine

    def _new_engine(self) -> ProcessEngine:
        return ProcessEngine(self._database, self._clock, lease_clock=ManualClock(START))

    def _do(self, command: Callable[[Any], Any]) -> Any:
        with self.engine.work(region=REGION, by="betsy") as work:
            done = command(work)
        self.engine.run_due()
        return done

    # -- the worker ---------------------------------------------------------------------------------------------------
    def _work(self) -> None:
        """Do all work that is there, one job at a time in the order in which it appeared; slow work when it is done."""
        while job := self._finished() or self._do(lambda work: work.lock_job(TOKENS, lock_for=LEASE)):
            self._worked += 1
            if self._worked > MANY:
                raise RunsInCircles
            if job.type in SLOW and job.id not in self._slow:
                self._slow[job.id] = (job, self._clock.now())
            else:
                self._finish(job)

    def _finished(self) -> Job | None:
        """Slow work whose ten seconds are over."""
        over = (
            job
            for job, begun in self._slow.values()
            if begun + WORKING <= self._clock.now() and job.id not in self._done
        )
        return next(over, None)

    def _finish(self, job: Job) -> None:
        """What the script did that the token stands for. Work that was taken away meanwhile leaves no word in the log."""
        self._done.add(job.id)
        if job.type == "THROW_ERROR":
            self._do(lambda work: work.throw_error(job.id, "ERR_CODE"))
            return
        variables: dict[str, Any] = {}
        if job.type.startswith("INCREMENT_INTEGER_VARIABLE"):
            variables["integerVariable"] = job.variables["integerVariable"] + 1
        elif job.type == "SET_STRING_DATA":
            variables["data"] = "String"
        try:
            self._do(lambda work: work.complete_job(job.id, variables))
        except Closed:
            if job.type not in SLOW:
                raise
            return
        self._write_down(job)

    def _write_down(self, job: Job) -> None:
        if job.type in WORDS:
            self._log.append(job.type)
        elif job.type == "INCREMENT_INTEGER_VARIABLE_AND_LOG":
            self._log.append("INCREMENT")
        elif job.type == "CREATE_MARKER_FILE" and MARKER not in self._log:
            self._log.append(MARKER)
        elif job.type == "LOG_DATA" and job.variables.get("data") == "String":
            self._log.append("DATA_correct")

    # -- the end of a case --------------------------------------------------------------------------------------------
    def _outcome(self) -> list[str]:
        with self.engine.read(region=REGION) as work:
            incidents = [incident.kind for incident in work.incidents()]
        with self._database.read() as connection:
            assert broken(connection, self.engine.definitions) == []
        words = [*self._log, *(_INCIDENTS.get(kind, "ERROR_runtime") for kind in incidents)]
        if self._worked_at_once():
            words.append("EXECUTION_parallel")
        return sorted(words)

    def _worked_at_once(self) -> bool:
        """Whether two pieces of slow work that keep a record of their time were under way at one moment."""
        begun = [
            at for job, at in self._slow.values() if job.id in self._done and job.type.startswith("CREATE_TIMESTAMP")
        ]
        return len(begun) > 1 and max(begun) < min(begun) + WORKING


def result(url: str, case: Case, model: bytes, *, forget: bool) -> tuple[str, str]:
    """How a case ends: pass, refused (at deployment, with the rules) or different (with the log)."""
    player = Player(url, forget=forget)
    try:
        words = player.play(case, model)
    except Refused as refused:
        return ("pass" if case.expected == ("ERROR",) else "refused"), str(refused)
    except RunsInCircles:
        return "different", "it runs in circles"
    finally:
        player.close()
    return ("pass", "") if matches(case, words) else ("different", ", ".join(words) or "nothing was logged")


def matches(case: Case, words: list[str]) -> bool:
    """Whether the log is the expected one; `ERROR` in it stands for any way of not being carried out."""
    if case.expected == ("ERROR",):
        return "ERROR_runtime" in words
    # A marker is looked for by the cases that ask for it; one more model leaves it on its way.
    seen = words if MARKER in case.expected else [word for word in words if word != MARKER]
    return seen == sorted(case.expected)
