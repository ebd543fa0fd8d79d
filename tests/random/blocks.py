"""Random structured processes: blocks inside blocks, as people draw them (reliability page, section 4).

One seed makes one model. A block continues the path that it is given and gives back the last element; whatever it opens it
closes, so that every token can reach an end. Events on the border, event sub-processes and early ends break the order in
all the ways that BPMN allows.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.random.building import CODES, DEPTH
from tests.random.nested import Nested
from tests.random.plan import Model, Process


class Blocks(Nested):
    """Builds one structured model."""

    is_called = False

    def model(self) -> Model:
        name = f"p{self.seed}"
        processes = []
        if self.chance(0.35):
            self.is_called = True
            processes.append(self._process(f"{name}-called", self.random.randint(3, 9)))
            self.called.append(f"{name}-called")
        self.is_called = False
        main = self._process(name, self.random.choice((8, 14, 20, 30)))
        if not any(node.called for node in main.nodes.values()):
            processes.clear()
        return Model(self.seed, [main, *processes])

    def _process(self, process_id: str, room: int) -> Process:
        self.process = Process(process_id)
        self.room = room
        self._body(process_id, 0)
        return self.process

    # -- scopes -------------------------------------------------------------------------------------------------------

    def _body(self, scope: str, depth: int) -> None:
        """All that stands directly inside a process or sub-process."""
        last: str | None
        if scope == self.process.id and not self.is_called and self.chance(0.3):
            last = self._triggered(scope)
        elif self.chance(0.15):
            self.bare.add(scope)
            last = self._task(None, scope, depth)  # without a start event, what nothing leads to begins
        else:
            last = self._add("startEvent", scope).id
        last = self._sequence(last, scope, depth)
        if self.process.nodes[last].kind.endswith("Gateway") or self.chance(0.8):
            self._end(last, scope, depth)
        if depth < DEPTH and self.room > 0 and self.chance(0.25) and self._stops(scope):
            first = self._handler(scope, depth)
            if self.chance(0.4):
                self._handler(scope, depth, beside=first)

    def _triggered(self, scope: str) -> str:
        """A process that something starts: a message, a signal, time, a condition; mostly it can also be started plainly."""
        merge = self._add("exclusiveGateway", scope)
        triggers = self.random.sample(("message", "signal", "timer", "conditional"), self.random.randint(1, 2))
        if triggers == ["timer"] or self.chance(0.7):
            self._link(self._add("startEvent", scope).id, merge)
        for trigger in triggers:
            start = self._add("startEvent", scope, **self._event(trigger))
            if trigger == "signal":
                start.name = f"begin-{self.seed}"
            if trigger == "timer":
                start.hours = self.random.randint(4, 9)
                start.times = self.random.choice((1, 2, 3, 0))
            elif self.chance(0.2):
                self._several(start, [other for other in ("message", "signal", "conditional") if other != trigger])
                for part in start.parts:
                    part.name = f"also-{self.seed}" if part.trigger == "signal" else part.name
            last = start.id if self.chance(0.5) else self._task(start.id, scope, DEPTH)
            self._link(last, merge)
        return merge.id

    def _end(self, last: str, scope: str, depth: int) -> None:
        draw = self.random.random()
        if scope in self.bare:
            self._link(last, self._add("task", scope))
        elif draw < 0.08 and depth:
            self._link(last, self._add("endEvent", scope, trigger="error", name=self.random.choice(CODES)))
        elif draw < 0.16:
            self._link(last, self._add("endEvent", scope, trigger="terminate"))
        elif draw < 0.2:
            self._link(last, self._add("endEvent", scope, trigger="signal", name=self._name("signal")))
        elif draw < 0.27 and self._can_be_undone(scope):
            self._link(last, self._compensation("endEvent", scope))
        elif draw < 0.3:
            self._link(last, self._several(self._add("endEvent", scope), self._thrown(scope)))
        elif draw < 0.35 and depth:
            self._link(last, self._add("endEvent", scope, trigger="escalation", name=self.random.choice(CODES)))
        else:
            self._link(last, self._add("endEvent", scope))

    def _sequence(self, last: str, scope: str, depth: int) -> str:
        for _ in range(self.random.randint(1, 4 if depth == 0 else 2)):
            last = self._block(last, scope, depth)
        return last

    def _block(self, last: str, scope: str, depth: int) -> str:
        blocks = self._simple
        if depth < DEPTH and self.room > 0 and self.chance(0.6):
            blocks = self._nested
        return self.random.choice(blocks)(self, last, scope, depth)

    _simple: tuple[Callable[[Blocks, str, str, int], str], ...] = (
        Nested._task, Nested._task, Nested._service, Nested._script, Nested._pass, Nested._receive, Nested._catch,
        Nested._throw, Nested._many_tasks, Nested._escalate, Nested._jump, Nested._rounds,
    )  # fmt: skip
    _nested: tuple[Callable[[Blocks, str, str, int], str], ...] = (
        Nested._choice, Nested._inclusive, Nested._many_ways_out, Nested._parallel, Nested._loop, Nested._race, Nested._sub,
        Nested._sub, Nested._call, Nested._many_tasks, Nested._ad_hoc, Nested._undo, Nested._transaction,
    )  # fmt: skip
