"""What can be done next: to the game, and to the engine; choices are steered to flows that were not taken yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from engine.engine import ProcessEngine
from engine.work import Work
from tests.random.game import World
from tests.random.ground import Ground
from tests.random.marking import Instance, Stay, Wait
from tests.random.picture import Reader
from tests.random.plan import SIZE, Model, Node
from tests.random.steering import Map

Do = Callable[[Work], object]


@dataclass
class Command:
    """One thing that can be done: to the game, and to the engine; `text` for whoever reads a failure."""

    name: str
    text: str
    weight: float
    play: Callable[[], object]
    do: Do | None = None
    engine: Callable[[ProcessEngine], object] | None = None
    is_final: bool = False


class Choices:
    """Commands at what waits in the instances of a walk."""

    ground: Ground
    model: Model
    random: Random
    map: Map
    world: World
    readers: dict[Instance, Reader]
    key: str
    script: list[str]
    over: list[tuple[str, Do]]
    _wishes: list[list[dict[str, int]]] | None

    def _choose(self) -> Command:
        self._learn()
        commands = list(self._possible())
        commands += self._noise()
        return self.random.choices(commands, [command.weight for command in commands])[0]

    def _learn(self) -> None:
        """Draw the flows that were taken into the map."""
        if self.world.taken:
            self.map.see(self.world.taken)
            self.world.taken.clear()
            self._wishes = None

    def _values(self, shares: Mapping[str, float]) -> dict[str, Any]:
        """Some of the variables, each with its share of cases: often values that together open a way to something new."""
        if self._wishes is None:
            self._wishes = self.map.wishes()
        wish: dict[str, int] = {}
        if self._wishes and self.random.random() < 0.75:
            wish = self.random.choice(self.random.choice(self._wishes))
        found: dict[str, Any] = {}
        for name, share in shares.items():
            if self.random.random() < max(share, 0.9 if name in wish else 0.0):
                found[name] = wish.get(name, self.random.randrange(SIZE))
        return found

    def _results(self) -> dict[str, Any]:
        results = self._values({"v": 0.7, "w": 0.4, "x": 0.1, "result": 0.1})
        if self.random.random() < 0.1:
            results["items"] = self.random.choice(([], [3], [1, 2]))
        return results

    def _possible(self) -> Iterator[Command]:
        for stay in self.world.stays():
            if stay.phase == "held":
                continue
            if stay.work == "task":
                yield self._complete_task(stay)
            elif stay.work == "job":
                yield from self._on_job(stay)
            if stay.trouble is not None:
                yield self._resolve(stay)
            for wait in stay.waits.values():
                yield self._bring_about(wait)

    def _complete_task(self, stay: Stay) -> Command:
        results, task_id = self._results(), wait_id(stay, "user_task")
        return Command(
            "complete task", f"complete {stay.node.id} with {results}", 3 * self.map.novelty([stay.node]),
            lambda: self.world.complete_task(stay, results), lambda work: work.complete_user_task(task_id, results),
            is_final=True,
        )  # fmt: skip

    def _on_job(self, stay: Stay) -> Iterator[Command]:
        results, job_id, name = self._results(), wait_id(stay, "job"), stay.node.id
        yield Command(
            "complete job", f"complete the job of {name} with {results}", 3 * self.map.novelty([stay.node]),
            lambda: self.world.complete_job(stay, results), lambda work: work.complete_job(job_id, results),
            is_final=True,
        )  # fmt: skip
        left = self.random.choice((0, 0, 1, 2))
        yield Command(
            "fail job", f"fail the job of {name}, {left} retries left", 0.4,
            lambda: self.world.fail_job(stay, left), lambda work: work.fail_job(job_id, left, "坏了", "broken"),
        )  # fmt: skip
        code = self.random.choice(("e1", "e2", "e3"))
        yield Command(
            "throw error", f"error {code} in the job of {name} with {results}", 0.6 * self.map.novelty(self._behind_errors(stay)),
            lambda: self.world.error_job(stay, code, results), lambda work: work.throw_error(job_id, code, "", results),
        )  # fmt: skip

    @staticmethod
    def _behind_errors(stay: Stay) -> list[Node]:
        attached = stay.instance.process.attached(stay.node.id)
        return [node for node in attached if any(part.trigger == "error" for part in node.triggers)]

    def _resolve(self, stay: Stay) -> Command:
        incident_id = wait_id(stay, "incident")
        if stay.phase != "failed":
            return Command(
                "resolve", f"resolve the incident at the job of {stay.node.id}", 1.5,
                lambda: self.world.resolve(stay), lambda work: work.resolve_incident(incident_id),
            )  # fmt: skip
        repair = self._values({"v": 0.8, "w": 0.8, "x": 0.3})
        if self.random.random() < 0.5:
            repair["items"] = [1]
        if self.random.random() < 0.3:
            repair["key"] = self.key
        if self.random.random() < 0.5:
            return self._set("repair", stay, repair, 2.0)
        return Command(
            "resolve", f"resolve the incident at {stay.node.id}", 2.0,
            lambda: self.world.resolve(stay), lambda work: work.resolve_incident(incident_id),
        )  # fmt: skip

    def _set(self, name: str, stay: Stay, values: dict[str, Any], weight: float) -> Command:
        scope_id = stay.ids["token"]
        return Command(
            name, f"set {values} at {stay.node.id}", weight,
            lambda: self.world.set_variables(stay, values), lambda work: work.set_variables(scope_id, values),
        )  # fmt: skip

    def _bring_about(self, wait: Wait) -> Command:
        """What makes the awaited event happen."""
        node, stay = wait.node, wait.stay
        new = self.map.novelty([wait.event])
        match node.trigger:
            case "timer":
                return self._pass_time(wait.due - self.world.hour, 0.8 * new)
            case "message":
                return self._publish(str(node.name), str(wait.key), 1.0 * new)
            case "signal":
                return self._broadcast(str(node.name), 0.7 * new)
            case _:
                assert node.test is not None
                return self._set("meet condition", stay, {node.test.name: node.test.wanted()}, 1.0 * new)

    # -- beginnings -----------------------------------------------------------------------------------------------------

    def _beginnings(self) -> Iterator[Command]:
        """Each way in which an instance can be started, except by the passing of time."""
        main, values = self.model.main, self._first_values()
        if main.begins_by_itself:
            yield Command(
                "start", f"start {values}", 1.0,
                lambda: self.world.start(values), lambda work: work.start_instance(main.id, values),
            )  # fmt: skip
        for node in main.starts():
            for part in node.triggers:
                match part.trigger:
                    case "message":
                        yield self._publish(str(part.name), self._fresh_key(), 1.0, values=values)
                    case "signal":
                        yield self._broadcast(str(part.name), 1.0, values)
                    case "conditional":
                        yield self._ask_starts(part, values)
        if not main.begins_by_itself:
            for alarm in self.world.alarms:
                yield self._pass_time(alarm.due - self.world.hour, 1.0)

    def _first_values(self) -> dict[str, Any]:
        return {
            **self._values({"v": 1.0, "w": 1.0}), "key": self.key,
            "items": self.random.choice(([], [3], [1, 2], [4, 5, 6])),
        }  # fmt: skip

    def _fresh_key(self) -> str:
        """Mostly a key with which nothing runs yet: of one there is at most one instance."""
        return f"{self.key}-{len(self.script)}" if self.random.random() < 0.7 else self.key

    def _ask_starts(self, part: Node, values: dict[str, Any]) -> Command:
        assert part.test is not None
        if self.random.random() < 0.8:
            values = values | {part.test.name: part.test.wanted()}
        process_id = self.model.main.id
        return Command(
            "ask starts", f"ask the conditions that start with {values}", 1.0,
            lambda: self.world.ask_starts(values), lambda work: work.evaluate_conditions(values, process_id=process_id),
        )  # fmt: skip

    # -- what is awaited ------------------------------------------------------------------------------------------------

    def _pass_time(self, hours: int, weight: float) -> Command:
        def move(engine: ProcessEngine) -> None:
            engine.advance_to(self.ground.clock.now() + timedelta(hours=hours))

        return Command(
            "pass time", f"{hours} hours pass", weight, lambda: self.world.pass_time(hours), engine=move
        )  # fmt: skip

    def _publish(
        self, name: str, key: str, weight: float, message_id: str | None = None, hours: int = 0,
        values: dict[str, Any] | None = None,
    ) -> Command:  # fmt: skip
        values = values if values is not None else self._values({"v": 0.6})
        return Command(
            "publish", f"publish {name} with key {key}, {values}, id {message_id}, for {hours} hours", weight,
            lambda: self.world.publish(name, key, values, message_id, hours),
            lambda work: work.publish_message(name, key, values, message_id=message_id, time_to_live=timedelta(hours=hours)),
        )  # fmt: skip

    def _broadcast(self, name: str, weight: float, values: dict[str, Any] | None = None) -> Command:
        values = values if values is not None else self._values({"w": 0.6})
        return Command(
            "broadcast", f"broadcast {name} with {values}", weight,
            lambda: self.world.broadcast(name, values), lambda work: work.broadcast_signal(name, values),
        )  # fmt: skip

    def _cancel(self, root: Instance) -> Command:
        root_id = self.readers[root].key[1]
        return Command(
            "cancel", "cancel the instance", 0.02,
            lambda: self.world.cancel(root), lambda work: work.cancel_instance(root_id),
            is_final=True,
        )  # fmt: skip


def wait_id(stay: Stay, kind: str) -> int:
    return stay.ids[f"{kind}:{stay.node.id}"]
