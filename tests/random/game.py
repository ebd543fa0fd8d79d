"""A token game over the plan of a process, written from the text of BPMN 2.0 and sharing no code with the engine.

Chapter 13 says which tokens there are: 13.2 flows and activities, 13.3 loops, 13.4 gateways, 13.5 events; chapter 10.5 how
triggers find their catchers. Where the specification leaves it open, Camunda 8's documentation decides (variables and
their scopes, messages and their keys, what a failure stops). Where both leave it open, things happen in the order in which
they became possible: tokens move first come, first served; an inclusive join is asked, and conditions are, when nothing
else can move; a called process moves when its caller stands still.

`World` is everything that runs on one clock: instances, kept messages, signals on their way. One command moves it from one
standstill to the next.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tests.random.marking import Alarm, Instance, Message, Stay, Wait, within
from tests.random.plan import Model, Node
from tests.random.throwing import Throwing


class World(Throwing):
    """Instances on one clock, counted in hours."""

    def __init__(self, model: Model, alarms: Iterable[Alarm] = ()) -> None:
        self.main = model.main
        self.processes = {process.id: process for process in model.processes}
        self.alarms = list(alarms)
        self.hour = 0
        self.roots: list[Instance] = []
        self.messages: list[Message] = []
        self.thrown: deque[tuple[Any, ...]] = deque()
        self.taken: Counter[str] = Counter()
        self.met: Counter[tuple[str, str]] = Counter()
        self._numbers = 0
        self._resting: Instance | None = None

    # -- commands -------------------------------------------------------------------------------------------------------

    def start(self, variables: Mapping[str, Any]) -> None:
        self._begin(None, variables)
        self._deliver()

    def ask_starts(self, variables: Mapping[str, Any]) -> None:
        """Whoever asks with these variables starts an instance for each start event whose condition holds with them."""
        for start in self.main.starts():
            tests = [part.test for part in start.triggers if part.trigger == "conditional"]
            if any(test is not None and test.value(variables) is True for test in tests):
                self._begin(start, variables)
        self._deliver()

    def _begin(self, start: Node | None, variables: Mapping[str, Any], key: str | None = None) -> None:
        """A new instance of the main process, at one of its start events or at those without a trigger."""
        instance = self._new_instance(self.main, None, dict(variables), start)
        instance.key = key
        self.roots.append(instance)
        self._settle(instance)

    def complete_task(self, stay: Stay, variables: Mapping[str, Any]) -> None:
        self._touch(stay.instance)
        stay.work = None
        self._finish(stay, variables)
        self._stand_still(stay.instance)

    def complete_job(self, stay: Stay, variables: Mapping[str, Any]) -> None:
        self._touch(stay.instance)
        stay.work, stay.trouble = None, None
        if stay.resume == "start listeners":
            stay.variables.update(variables)
            self._note(stay, variables)
            self._listened(stay)
        elif stay.resume == "end listeners":
            if stay.scope is not None:
                self._merge(stay.scope, variables)
            self._listened(stay)
        else:
            self._finish(stay, variables)
        self._stand_still(stay.instance)

    def fail_job(self, stay: Stay, retries: int) -> None:
        """A worker gave up; without retries left a failure stands beside the job, and what waits goes on waiting."""
        stay.retries = retries
        if retries == 0 and stay.trouble is None:
            stay.trouble = "JOB_NO_RETRIES"

    def error_job(self, stay: Stay, code: str, variables: Mapping[str, Any]) -> None:
        self._touch(stay.instance)
        stay.trouble = None
        if not self._throw_up(stay, "error", code, variables):
            stay.retries, stay.trouble = 0, "UNHANDLED_ERROR_EVENT"
        self._stand_still(stay.instance)

    def resolve(self, stay: Stay) -> None:
        self._touch(stay.instance)
        stay.trouble = None
        if stay.phase == "failed":
            self._queue(stay)
        elif stay.work == "job":
            stay.retries = max(stay.retries, 1)
        self._stand_still(stay.instance)

    def set_variables(self, stay: Stay, variables: Mapping[str, Any]) -> None:
        self._touch(stay.instance)
        self._merge(stay, variables)
        self._stand_still(stay.instance)

    def cancel(self, instance: Instance) -> None:
        self._cancel_instance(instance)

    def modify(self, begin: Node, stay: Stay) -> None:
        """An operator begins at an element of the outermost scope and takes a stay away; what it leaves empty ends too."""
        instance = stay.instance
        self._touch(instance)
        self._arrive(begin, instance.root, None)
        self._take_away(stay)
        self._stand_still(instance)

    def _take_away(self, stay: Stay) -> None:
        scope = stay.scope
        assert scope is not None  # something has begun in the outermost scope, so that is never left empty
        self._terminate(stay)
        is_empty = not scope.kids
        self._one_undone(stay.undone_for)  # of a handler that is taken away nothing more is to come
        if scope.is_alive and is_empty and not scope.kids:
            self._take_away(scope)

    def rest(self, instance: Instance, values: Mapping[str, Any], hours: int) -> None:
        """A tree is suspended for some hours, while time passes for the others; its timers keep what was left of them.

        Variables that are written meanwhile are looked at when it goes on.
        """
        self._merge(instance.root, values)
        self._resting = instance
        self.pass_time(hours)
        self._resting = None
        for wait in [wait for stay in self.stays(instance) for wait in stay.waits.values()]:
            wait.due += hours
        self._touch(instance)
        self._stand_still(instance)

    def publish(self, name: str, key: str, variables: Mapping[str, Any], id: str | None, hours: int) -> None:  # noqa: A002
        self._publish(name, key, variables, id, hours)
        self._deliver()

    def broadcast(self, name: str, variables: Mapping[str, Any]) -> None:
        self.thrown.append(("signal", name, dict(variables), None))
        self._deliver()

    def pass_time(self, hours: int) -> None:
        """Time passes: what is due happens at its hour, in the order of falling due, then of having begun to wait."""
        target = self.hour + hours
        while True:
            alarms = [alarm for alarm in self.alarms if alarm.due <= target]
            waiting = [
                wait for wait in self._waits()
                if wait.node.trigger == "timer" and wait.due <= target
            ]  # fmt: skip
            if not waiting and not alarms:
                break
            self.hour = max(self.hour, min(event.due for event in (*waiting, *alarms)))
            for wait in sorted(waiting, key=lambda wait: (wait.due, wait.number)):
                if wait.due <= self.hour and wait.is_on:
                    self._touch(wait.stay.instance)
                    self._happen(wait, {})
                    self._settle(wait.stay.instance)
                    self._deliver()
            for alarm in [
                alarm for alarm in alarms if alarm.due <= self.hour
            ]:  # what runs is served before something new
                self._ring(alarm)
        self.hour = target

    def _ring(self, alarm: Alarm) -> None:
        """A timer starts an instance, and waits for its next moment if it has one."""
        if alarm.left == 0:
            self.alarms.remove(alarm)
        else:
            alarm.due += alarm.node.hours
            alarm.left = None if alarm.left is None else alarm.left - 1
        self._begin(alarm.node, {})
        self._deliver()

    # -- what can be asked ----------------------------------------------------------------------------------------------

    def stays(self, instance: Instance | None = None) -> Iterator[Stay]:
        """The stays of a tree of instances, or of all."""
        for root in self.roots if instance is None else [instance]:
            for member in [root, *root.members]:
                if member.state == "active":
                    yield from within(member.root)

    def _waits(self) -> list[Wait]:
        """What is awaited, except by a tree that rests: nothing comes to that."""
        return [wait for stay in self.stays() if stay.instance.top is not self._resting for wait in stay.waits.values()]

    # -- messages and signals -------------------------------------------------------------------------------------------

    def _deliver(self) -> None:
        while self.thrown:
            kind, name, *rest = self.thrown.popleft()
            if kind == "message":
                self._publish(name, rest[0], rest[1], None, 0)
            elif kind == "signal":
                for wait in sorted(self._waits(), key=lambda wait: wait.number):
                    if wait.node.trigger == "signal" and wait.node.name == name and wait.stay.instance is not rest[1]:
                        self.thrown.append(("signalled", name, wait, rest[0]))
                for start in self.main.starts():
                    if any((part.trigger, part.name) == ("signal", name) for part in start.triggers):
                        self.thrown.append(("begins", name, start, rest[0]))
            elif kind == "begins":
                self._begin(*rest)
            else:
                wait = rest[0]
                if wait.is_on:
                    self._touch(wait.stay.instance)
                    self._happen(wait, rest[1])
                    self._settle(wait.stay.instance)

    def _signal(self, instance: Instance, name: str, variables: Mapping[str, Any]) -> None:
        """A signal thrown inside comes to those who wait in the instance itself once all else has moved, to others later."""

        def happens(_root: Stay) -> None:
            waiting = [wait for stay in within(instance.root) for wait in stay.waits.values()]
            for wait in waiting:
                if wait.node.trigger == "signal" and wait.node.name == name and wait.is_on:
                    self._happen(wait, variables)

        instance.queue.append((happens, instance.root))

    def _publish(self, name: str, key: str, variables: Mapping[str, Any], id: str | None, hours: int) -> None:  # noqa: A002
        """At most one taker in each process (Camunda 8, "Messages"); kept as long as it lives for one who comes later."""
        if id is not None and any(
            m.id == id and m.name == name and m.key == key and m.until > self.hour for m in self.messages
        ):
            return
        taken: set[str] = set()
        waiting = [w for w in self._waits() if w.node.trigger == "message" and w.node.name == name and w.key == key]
        waiting.sort(key=lambda wait: (wait.stay.instance.top.number, wait.number))
        for wait in waiting:
            process_id = wait.stay.instance.process.id
            if process_id not in taken and wait.is_on:
                taken.add(process_id)
                self._touch(wait.stay.instance)
                self._happen(wait, variables)
                self._settle(wait.stay.instance)
        for start in self.main.starts():
            if self.main.id not in taken and self._is_begun_by(start, name) and not self._is_running(key):
                taken.add(self.main.id)
                self._begin(start, variables, key)
        if hours > 0:
            self.messages = [m for m in self.messages if id is None or (m.id, m.name, m.key) != (id, name, key)]
            self.messages.append(Message(name, key, dict(variables), id, self.hour + hours, taken))

    @staticmethod
    def _is_begun_by(start: Node, message: str) -> bool:
        return any((part.trigger, part.name) == ("message", message) for part in start.triggers)

    def _is_running(self, key: str) -> bool:
        """At most one instance that a message with this key has started (Camunda 8, "Messages", correlation to a start event)."""
        return any(root.key == key and root.state == "active" for root in self.roots)

    def _take_kept(self, tree: Instance) -> bool:
        """A wait that has just begun takes the oldest kept message that its process has not taken yet."""
        for instance in tree.touched:
            for wait in list(instance.fresh):
                if wait.node.trigger != "message" or not wait.is_on:
                    continue
                process_id = instance.process.id
                for message in self.messages:
                    if (message.name, message.key) == (wait.node.name, wait.key) and message.until > self.hour \
                            and process_id not in message.taken_by:  # fmt: skip
                        message.taken_by.add(process_id)
                        self._happen(wait, message.variables)
                        return True
        return False
