"""Blocks of one element."""

from __future__ import annotations

from tests.random.borders import Borders
from tests.random.building import AWAITED, CODES
from tests.random.plan import Rounds, Test


class Simple(Borders):
    """Tasks, events on the way, loops of one task."""

    def _task(self, last: str | None, scope: str, depth: int) -> str:
        node = self._add("userTask", scope)
        self._link(last, node)
        return self._activity(node, scope, depth)

    def _service(self, last: str, scope: str, depth: int) -> str:
        node = self._add("serviceTask", scope)
        self._link(last, node)
        return self._activity(node, scope, depth)

    def _script(self, last: str, scope: str, depth: int) -> str:
        return self._link(last, self._add("scriptTask", scope, script=(self.random.choice("vvwx"), self._term())))

    def _pass(self, last: str, scope: str, depth: int) -> str:
        return self._link(last, self._add(self.random.choice(("task", "manualTask")), scope))

    def _receive(self, last: str, scope: str, depth: int) -> str:
        node = self._add("receiveTask", scope, trigger="message", name=self._name("message"))
        self._link(last, node)
        return self._activity(node, scope, depth)

    def _catch(self, last: str, scope: str, depth: int) -> str:
        trigger = self.random.choice(AWAITED)
        node = self._add("intermediateCatchEvent", scope, **self._event(trigger))
        self._perhaps_several(node, trigger)
        if self.chance(0.5 if node.parts else 0.05):
            node.listeners = self.random.choice((("start",), ("end",), ("end", "end")))
        return self._link(last, node)

    def _throw(self, last: str, scope: str, depth: int) -> str:
        if self.chance(0.15):
            node = self._add("intermediateThrowEvent", scope)
            return self._link(last, self._several(node, self._thrown(scope)))
        starts = [part.name for node in self.process.starts() for part in node.triggers if part.trigger == "signal"]
        if starts and self.chance(0.2):  # somebody decides each time, or instances would set off one another for ever
            last = self._link(last, self._add("userTask", scope))
            return self._link(last, self._add("intermediateThrowEvent", scope, trigger="signal", name=starts[0]))
        trigger = self.random.choice(("none", "signal", "message"))
        name = self._name(trigger)
        if trigger == "message":
            waiting = [
                n.name
                for n in self.process.nodes.values()
                if n.trigger == "message" and n.kind != "intermediateThrowEvent"
            ]
            name = self.random.choice(waiting) if waiting else name
            if self.chance(0.4):
                return self._link(last, self._add("sendTask", scope, trigger="message", name=name))
        return self._link(last, self._add("intermediateThrowEvent", scope, trigger=trigger, name=name))

    def _thrown(self, scope: str) -> list[str]:
        """Several things that one event throws."""
        found = self.random.sample(("signal", "message", "escalation"), 2)
        if self._can_be_undone(scope) and self.chance(0.6):
            found.insert(self.random.randint(0, 2), "compensation")
        return found

    def _can_be_undone(self, scope: str) -> bool:
        return any(node.undone_by is not None for node in self.process.inside(scope))

    def _many_tasks(self, last: str, scope: str, depth: int) -> str:
        kind = self.random.choice(("userTask", "userTask", "serviceTask", "scriptTask"))
        node = self._add(kind, scope, loop=self._loop_over())
        if kind == "scriptTask":
            node.script = (self.random.choice(("v", "x")), self._term())
        self._link(last, node)
        return self._activity(node, scope, depth)

    def _escalate(self, last: str, scope: str, depth: int) -> str:
        code = self.random.choice(CODES)
        return self._link(last, self._add("intermediateThrowEvent", scope, trigger="escalation", name=code))

    def _jump(self, last: str, scope: str, depth: int) -> str:
        """A link: goes on elsewhere in the drawing."""
        name = f"link {self.made}"
        self._link(last, self._add("intermediateThrowEvent", scope, trigger="link", name=name))
        return self._add("intermediateCatchEvent", scope, trigger="link", name=name).id

    def _rounds(self, last: str, scope: str, depth: int) -> str:
        name = self.random.choice(("v", "w", "loopCounter"))
        test = Test(name, name != "loopCounter" and self.chance(0.6), self.random.randint(1, 3))
        rounds = Rounds(test, self.random.choice((None, 2, 3)), self.chance(0.5))
        node = self._add(self.random.choice(("userTask", "serviceTask")), scope, rounds=rounds)
        self._link(last, node)
        return self._activity(node, scope, depth)
