"""What moves until all stands still, what goes wrong on the way, and where variables are written (BPMN 2.0, 13.2; Camunda 8)."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from typing import Any

from tests.random.marking import MOVES, STAYS, Endless, Instance, Stay, Trouble
from tests.random.plan import Node, Process


class Standing:
    """From one standstill to the next. `processes` are those that may be called, `hour` is the time."""

    processes: dict[str, Process]
    hour: int
    roots: list[Instance]
    thrown: deque[tuple[Any, ...]]
    taken: Counter[str]
    met: Counter[tuple[str, str]]
    _numbers: int

    # -- from one standstill to the next --------------------------------------------------------------------------------

    def _touch(self, instance: Instance) -> None:
        if instance not in instance.top.touched:
            instance.top.touched.append(instance)

    def _stand_still(self, instance: Instance) -> None:
        """The end of a command: all that moves has moved, and what was thrown has come to those who waited for it."""
        self._settle(instance)
        self._deliver()

    def _settle(self, instance: Instance) -> None:
        tree = instance.top
        moving = True
        while moving:
            moving = False
            for member in list(tree.touched):
                moving = self._run(member) or moving
            moving = self._take_kept(tree) or moving
        for member in tree.touched:
            member.fresh.clear()
            member.changed.clear()
            member.moves = 0
        tree.touched.clear()

    def _run(self, instance: Instance) -> bool:
        moved = False
        while True:
            while instance.queue:
                moved = True
                act, stay = instance.queue.popleft()
                if stay.is_alive:
                    self._guard(stay, act)
            if not self._pass_late_join(instance) and not self._ask_conditions(instance):
                return moved
            moved = True

    def _count(self, instance: Instance) -> None:
        instance.moves += 1
        if instance.moves > MOVES or len(instance.queue) > STAYS:
            raise Endless

    def _guard(self, stay: Stay, act: Any) -> None:
        """Do something at a stay; what the model got wrong becomes a failure that stands there."""
        try:
            act(stay)
        except Trouble as trouble:
            self._fail(stay, trouble)

    def _note_coming(self, stay: Stay) -> None:
        """It stands in the history that an element was come to, once for each stay."""
        if not stay.has_begun:
            stay.has_begun = True
            stay.instance.log["entered", stay.node.id, tuple(sorted(stay.came_by))] += 1

    def _fail(self, stay: Stay, trouble: Trouble) -> None:
        if not stay.is_alive:
            return
        if stay.resume != "leave":
            for kid in list(stay.kids):
                self._terminate(kid)
            stay.waits.clear()
            stay.gathered.clear()
        stay.phase = "failed"
        stay.trouble = trouble.kind

    def _new_instance(
        self, process: Process, caller: Stay | None, variables: dict[str, Any], begins_at: Node | None = None
    ) -> Instance:
        instance = Instance(self._number(), process, caller, None if caller is None else caller.instance.top)
        instance.root = Stay(instance.number, Node(process.id, "process", ""), instance, None)
        instance.root.variables = variables
        instance.root.begins_at = begins_at
        if instance.tree is not None:
            instance.tree.members.append(instance)
        instance.changed.update((instance.root, name) for name in variables)
        self._queue(instance.root)
        self._touch(instance)
        return instance

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers

    # -- variables (Camunda 8, "Variables") -----------------------------------------------------------------------------

    def _results(self, stay: Stay, results: Mapping[str, Any]) -> None:
        if stay.node.outputs and not stay.is_frame:
            for name, value in results.items():
                self._write(stay, name, value)
        else:
            self._merge(stay, results)

    def _merge(self, stay: Stay, values: Mapping[str, Any]) -> None:
        """Each value goes to the nearest scope that has the name, else to the outermost."""
        for name, value in values.items():
            place = stay
            while name not in place.variables and place.scope is not None:
                place = place.scope
            self._write(place, name, value)

    def _write(self, stay: Stay, name: str, value: Any) -> None:
        stay.variables[name] = value
        stay.instance.changed.add((stay, name))

    def _note(self, stay: Stay, values: Mapping[str, Any]) -> None:
        stay.instance.changed.update((stay, name) for name in values)
