"""Loops and ad-hoc sub-processes: one activity several times, several in any order (BPMN 2.0, 13.3.5 to 13.3.7)."""

from __future__ import annotations

from tests.random.marking import (
    See,
    Stay,
    Trouble,
    loop_of,
)
from tests.random.moves import Moves, beginnings


class Loops(Moves):
    """The rules of loops."""

    # -- loops (13.3.7; Camunda 8, "Multi-instance") --------------------------------------------------------------------

    def _begin_loop(self, stay: Stay) -> None:
        if stay.node.rounds is not None:
            stay.done = 0
            if stay.node.rounds.before and not self._goes_round(stay):
                self._leave(stay)
            else:
                self._begin_round(stay)
            return
        loop = loop_of(stay)
        items = See(stay).get(loop.items) if isinstance(loop.items, str) else list(loop.items)
        if not isinstance(items, list):
            raise Trouble("EXTRACT_VALUE_ERROR")
        stay.items, stay.done, stay.is_enough = list(items), 0, False
        if loop.out is not None:
            self._write(stay, loop.out, [None] * len(items))
        if not items:
            self._leave(stay)
        for counter in range(1, (1 if loop.sequential and items else len(items)) + 1):
            self._begin_item(stay, counter)

    def _begin_item(self, frame: Stay, counter: int) -> None:
        loop = loop_of(frame)
        item = Stay(self._number(), frame.node, frame.instance, frame, is_item=True, counter=counter)
        frame.kids.append(item)
        self._queue(item)
        if loop.element is not None:
            self._write(item, loop.element, (frame.items or ())[counter - 1])
        self._write(item, "loopCounter", counter)

    def _next_item(self, frame: Stay) -> None:
        """An item of the frame ended."""
        if frame.node.rounds is not None:
            if not frame.kids and self._goes_round(frame):
                self._begin_round(frame)
            elif not frame.kids:
                self._finish(frame, {})
            return
        if frame.is_enough:
            for other in list(frame.kids):
                self._terminate(other)
        elif loop_of(frame).sequential and frame.done < len(frame.items or ()):
            self._begin_item(frame, frame.done + 1)
        if not frame.kids:
            self._finish(frame, {})

    def _begin_round(self, frame: Stay) -> None:
        item = Stay(self._number(), frame.node, frame.instance, frame, is_item=True, counter=frame.done + 1)
        frame.kids.append(item)
        self._queue(item)
        self._write(item, "loopCounter", item.counter)

    def _goes_round(self, frame: Stay) -> bool:
        """Whether the activity is done once more (table 10.25)."""
        rounds = frame.node.rounds
        assert rounds is not None
        if rounds.most is not None and frame.done >= rounds.most:
            return False
        return self._holds(rounds.test.value(See(frame, {"loopCounter": frame.done})))

    def _item_done(self, frame: Stay, item: Stay) -> None:
        if frame.node.rounds is not None:
            frame.done += 1
            return
        loop = loop_of(frame)
        if loop.out is not None and loop.result is not None:
            collected = frame.variables.get(loop.out)
            if not isinstance(collected, list) or len(collected) < item.counter:
                raise Trouble("EXTRACT_VALUE_ERROR")  # something else wrote to the variable (Camunda 8, same words)
            collected = list(collected)
            collected[item.counter - 1] = loop.result.value(See(item))
            self._write(frame, loop.out, collected)
        if loop.until is not None:
            counts = {
                "numberOfInstances": len(frame.items or ()), "numberOfActiveInstances": len(frame.kids) - 1,
                "numberOfCompletedInstances": frame.done + 1, "numberOfTerminatedInstances": 0,
            }  # fmt: skip
            if self._holds(loop.until.value(See(item, counts))):
                frame.is_enough = True
        frame.done += 1

    # -- ad-hoc sub-processes (13.3.5; Camunda 8, "Ad-hoc sub-process") -------------------------------------------------

    def _begin_ad_hoc(self, stay: Stay) -> None:
        inside = stay.instance.process.inside(stay.node.id)
        self._arm_handlers(stay, inside)
        begin = beginnings(inside)
        stay.later = begin[1:] if stay.node.in_order else []
        for node in begin[:1] if stay.node.in_order else begin:
            self._arrive(node, stay, None)

    def _next_of_choice(self, scope: Stay) -> None:
        """Something inside ended: perhaps that is enough, perhaps the next may begin, perhaps nothing is left to do."""
        until = scope.node.until
        if until is not None and self._holds(until.value(See(scope))):
            scope.later = []
            if scope.node.cancels:
                for other in list(scope.kids):
                    self._terminate(other)
        if scope.kids:
            return
        if scope.later:
            self._arrive(scope.later.pop(0), scope, None)
        elif until is not None and not self._holds(until.value(See(scope))):
            raise Trouble("CONDITION_ERROR")
        else:
            self._leave(scope)
