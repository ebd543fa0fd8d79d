"""Events at the border of an activity, event sub-processes, and the short paths behind both."""

from __future__ import annotations

from tests.random.building import AWAITED, CODES, DEPTH, WAITING, Builder
from tests.random.plan import Loop, Node, Term, Test


class Borders(Builder):
    """What may happen beside the drawn path."""

    def _handler(self, scope: str, depth: int, beside: Node | None = None) -> Node | None:
        """An event sub-process, its start event; a quiet path, so that what it throws cannot start it again."""
        trigger = self._trigger(scope)
        quiet = trigger != "error" and self.chance(0.5)
        more = self._event(trigger)
        if beside is not None and (trigger, more["name"]) in {(part.trigger, part.name) for part in beside.triggers}:
            return None  # which of the two happens would be open
        handler = self._add("eventSubProcess", scope)
        if trigger == "timer" and quiet and self.chance(0.5):
            more["times"] = self.random.choice((0, 2, 3))
        start = self._add("startEvent", handler.id, interrupting=not quiet, **more)
        self._perhaps_several(start, trigger)
        last = self._aside(start.id, handler.id, depth + 1)
        if self.chance(0.8):
            draw = self.random.random()
            if draw < 0.12:
                self._link(last, self._add("endEvent", handler.id, trigger="error", name=self.random.choice(CODES)))
            elif draw < 0.24:
                self._link(last, self._add("endEvent", handler.id, trigger="terminate"))
            elif draw < 0.34:
                self._link(last, self._add("endEvent", handler.id, trigger="compensation"))
            else:
                self._link(last, self._add("endEvent", handler.id))
        if depth + 1 < DEPTH and self.room > 0 and self.chance(0.15):
            self._handler(handler.id, depth + 1)
        return start

    def _perhaps_several(self, event: Node, trigger: str) -> None:
        """Now and then an event that is awaited happens for one of several reasons, or when all of them have come."""
        if not self.chance(0.15) or trigger not in {*AWAITED, "error"}:
            return
        others = [other for other in AWAITED if other != trigger]
        triggers = [trigger, *self.random.sample(others, self.random.randint(1, 2))]
        if trigger == "error":
            name = event.name
            self._several(event, triggers)
            event.parts[0].name = name  # as it was chosen beside the other events here
        else:
            self._several(event, triggers, together=self.chance(0.5))

    def _aside(self, last: str, scope: str, depth: int) -> str:
        """A short path behind an event: work of people, sometimes a sub-process."""
        task = self._link(last, self._add(self.random.choice(("userTask", "userTask", "serviceTask")), scope))
        if depth < DEPTH and self.room > 2 and self.chance(0.2):
            task = self._sub(task, scope, depth)
        return task

    def _guard(self, host: str, scope: str, depth: int) -> None:
        """Up to two events attached to an activity, each with a path of its own."""
        seen: set[object] = set()
        for number in range(self.random.choice((1, 1, 2, 2))):
            trigger = self._trigger(host) if not number or ("error", None) not in seen else "error"
            quiet = trigger != "error" and self.chance(0.5)
            more = self._event(trigger)
            kind = (trigger, more["name"]) if trigger in {"error", "escalation"} else trigger
            if kind in seen:  # which of the two happens would be open
                continue
            seen.add(kind)
            if trigger == "timer" and quiet and self.chance(0.6):
                more["times"] = self.random.choice((0, 2, 3))
            event = self._add("boundaryEvent", scope, host=host, interrupting=not quiet, **more)
            self._perhaps_several(event, trigger)
            last = self._aside(event.id, scope, depth + 1)
            draw = 1.0 if scope in self.bare else self.random.random()
            if draw < 0.1:
                self._link(last, self._add("endEvent", scope, trigger="terminate"))
            elif draw < 0.2 and depth:
                self._link(last, self._add("endEvent", scope, trigger="error", name=self.random.choice(CODES)))
            elif draw < 0.8:
                self._link(last, self._add("endEvent", scope))

    def _catch_all(self, host: str, scope: str, depth: int) -> None:
        """What throws an error inside is mostly drawn with somebody who catches it; else nothing behind it is ever reached."""
        caught = any(part.trigger == "error" for node in self.process.attached(host) for part in node.triggers)
        if not caught and self._contains(host, frozenset({"error"})) and self.chance(0.85):
            event = self._add("boundaryEvent", scope, host=host, trigger="error")
            last = self._aside(event.id, scope, depth + 1)
            if scope not in self.bare:
                self._link(last, self._add("endEvent", scope))

    def _activity(self, node: Node, scope: str, depth: int) -> str:
        """What any activity may have: mappings, listeners, attached events, a loop."""
        if node.kind in {"userTask", "serviceTask", "subProcess", "callActivity"}:
            if not node.repeats and self.chance(0.12):
                node.inputs[self.random.choice(("v", "local"))] = self._term()
            if not node.repeats and self.chance(0.12):
                node.outputs[self.random.choice(("v", "w", "result"))] = self._term()
            if node.kind != "callActivity" and self.chance(0.06):
                node.listeners = self.random.choice((("start",), ("end",), ("start", "end"), ("start", "start")))
        stops = node.kind in WAITING or self._stops(node.id)
        if stops and self.room > 0 and self.chance(0.35):
            self._guard(node.id, scope, depth)
        return node.id

    def _loop_over(self) -> Loop:
        items: tuple[int, ...] | str = self.random.choice(((5,), (1, 2), (1, 2, 3), "items", "items"))
        out = "collected" if self.chance(0.2) else f"collected{self.made}"  # two of one name overwrite each other
        return Loop(
            items, self.chance(0.5), self.random.choice(("item", "item", "v", None)),
            *((out, self.random.choice((Term("v"), Term("item"), Term("loopCounter", 1)))) if self.chance(0.5)
              else (None, None)),
            self._until() if self.chance(0.4) else None,
        )  # fmt: skip

    def _until(self) -> Test:
        name = self.random.choice(("numberOfCompletedInstances", "numberOfActiveInstances", "v"))
        return Test(name, True, self.random.randint(0, 2) if name != "v" else self.random.randint(3, 8))
