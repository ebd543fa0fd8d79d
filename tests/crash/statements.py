"""Kills a process before and after every SQL statement of each command, lets the client try again, and counts the effects.

A forked child runs one command and dies at one point (`os._exit`, as `kill -9` would have it); the parent then checks the
invariants, repeats the command as a client would, and checks that it took effect exactly once. Reliability, row b1.
Run as `python -m tests.crash.statements DATABASE_URL`; prints how many points it tried and exits non-zero at the first fault.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import event

from engine.errors import Closed
from engine.invariants import broken
from engine.model import Resource
from engine.persistence import wire
from tests.engine.diagrams import Body, inputs, resource
from tests.engine.lab import REGION, Lab

DIED = 42
_keys = count()


@dataclass(frozen=True)
class Command:
    """One thing that a client does; `effects` counts how often it has happened so far."""

    name: str
    prepare: Callable[[Lab], Any]
    act: Callable[[Lab, Any], None]
    effects: Callable[[Lab, Any], int]


def review() -> list[Resource]:
    """A process with most kinds of waits: tasks in a loop, a job, a timer, a message, a called process."""
    inner = Body().start().user("inside").flow("start -> inside")
    body = Body()
    body.start().gateway("parallel", "s").user("a").boundary("t", "a", body.timer("timeDuration", "PT1H"), interrupting=False)
    body.user("reminded").service("job", "work").user("paper", loop=body.many("=[1,2]"), io=inputs(done="=null"))
    body.catch("m", body.message("answer")).call("c", "q").gateway("parallel", "j").user("after")
    body.flow("start -> s -> a -> job -> j -> after").flow("t -> reminded").flow("s -> paper -> c -> j").flow("s -> m -> j")
    return [resource(body), resource(inner, "q")]


def started(lab: Lab) -> int:
    return lab.start(key=f"k{next(_keys)}", n=0)


def completed(element: str) -> Callable[[Lab, int], int]:
    return lambda lab, instance: lab.path(instance).count(element)


def done(lab: Lab, instance: int, element: str) -> None:
    """Complete a task as a client would that may have been answered before: a task that is over is as good as done."""
    if element in lab.tasks(instance):
        try:
            lab.complete(instance, element, x=1)
        except Closed:
            return


def moved(lab: Lab, instance: int) -> int:
    lab.clock.advance(timedelta(hours=1))
    return instance


def after_a(lab: Lab, instance: int) -> int:
    lab.complete(instance, "a")
    return instance


def one_paper(lab: Lab, instance: int) -> int:
    lab.complete(instance, "paper")
    return instance


def published(lab: Lab, instance: int) -> None:
    key = lab.variables(instance)["key"]
    with lab.work() as work:
        work.publish_message("answer", key, {}, message_id=key, time_to_live=timedelta(days=1))


def worked(lab: Lab, instance: int) -> None:
    lab.lease_clock.advance(timedelta(minutes=10))
    with lab.work() as work:
        job = work.lock_job(["work"], root_instance_id=instance)
    if job is not None:
        with lab.work() as work:
            work.complete_job(job.id, {"worked": True})


COMMANDS = (
    Command(
        "complete a task", started, lambda lab, i: done(lab, i, "a"), completed("a"),
    ),
    Command(
        "fire a timer", lambda lab: moved(lab, started(lab)), lambda lab, i: lab.engine.run_due() and None, completed("t"),
    ),
    Command(
        "take a message", started, published, completed("m"),
    ),
    Command(
        "complete a job", lambda lab: after_a(lab, started(lab)), worked, completed("job"),
    ),
    Command(
        "complete the last item of a loop and start a call", lambda lab: one_paper(lab, started(lab)),
        lambda lab, i: done(lab, i, "paper"), lambda lab, i: lab.path(i).count("inside") + lab.tasks(i).count("inside"),
    ),
)  # fmt: skip


def count_points(lab: Lab, command: Command, subject: Any) -> int:
    """How many statements and commits the command makes; it is carried out."""
    points = 0

    def point(*_: object) -> None:
        nonlocal points
        points += 1

    watched = ("before_cursor_execute", "after_cursor_execute", "commit")
    for name in watched:
        event.listen(lab.database.engine, name, point)
    wire.watchers.append(point)
    command.act(lab, subject)
    wire.watchers.remove(point)
    for name in watched:
        event.remove(lab.database.engine, name, point)
    return points


def die_at(url: str, command: Command, subject: Any, clock: Any, point: int) -> int:
    """Fork; the child carries the command out and dies at a point. Gives the child's exit code."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    lab = Lab(url)
    lab.clock.set(clock)
    passed = 0

    def maybe_die(*_: object) -> None:
        nonlocal passed
        passed += 1
        if passed == point:
            os._exit(DIED)

    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(lab.database.engine, name, maybe_die)
    wire.watchers.append(maybe_die)
    command.act(lab, subject)
    os._exit(DIED)  # after the commit, before the answer


def check(lab: Lab, instance: int, place: str) -> None:
    with lab.database.read() as connection:
        found = broken(connection, lab.engine.definitions, region=REGION, root_id=instance)
    if found:
        sys.exit(f"{place}: {found}")


def main() -> None:
    url = sys.argv[1]
    lab = Lab(url)
    lab.deploy(*review())
    tried = 0
    for command in COMMANDS:
        points = count_points(lab, command, command.prepare(lab))
        for point in range(1, points + 2):
            subject = command.prepare(lab)
            lab.database.close()  # a connection must not be shared with the child
            if die_at(url, command, subject, lab.clock.now(), point) != DIED:
                sys.exit(f"{command.name}, point {point}: the child did not die as told")
            place = f"{command.name}, died at point {point} of {points}"
            check(lab, subject, place)
            if (before := command.effects(lab, subject)) > 1:
                sys.exit(f"{place}: took effect {before} times")
            command.act(lab, subject)
            check(lab, subject, place + ", tried again")
            if (after := command.effects(lab, subject)) != 1:
                sys.exit(f"{place}, tried again: took effect {after} times")
            with lab.work() as work:
                work.cancel_instance(subject)
            tried += 1
    print(f"{tried} points, every command took effect once")


if __name__ == "__main__":
    main()
