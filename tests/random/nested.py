"""Blocks with other blocks inside: gateways and what is between them, sub-processes, calls."""

from __future__ import annotations

from tests.random.building import AWAITED
from tests.random.plan import Node, Term, Test
from tests.random.undoable import Undoable


class Nested(Undoable):
    """Gateways, sub-processes, calls."""

    def _choice(self, last: str, scope: str, depth: int) -> str:
        """Exclusive; without a default flow sometimes none holds, which is an incident until the data are put right."""
        split = self._add("exclusiveGateway", scope)
        self._link(last, split)
        return self._branches(split, "exclusiveGateway", scope, depth, default=self.chance(0.85))

    def _inclusive(self, last: str, scope: str, depth: int) -> str:
        split = self._add(self.random.choice(("inclusiveGateway", "inclusiveGateway", "complexGateway")), scope)
        self._link(last, split)
        merge = self.random.choice(("inclusiveGateway", "inclusiveGateway", "inclusiveGateway", "complexGateway"))
        return self._branches(split, merge, scope, depth, default=self.chance(0.85))

    def _many_ways_out(self, last: str, scope: str, depth: int) -> str:
        """Several flows, some with conditions, straight out of an activity: a split without a gateway."""
        kind = self.random.choice(("userTask", "serviceTask", "scriptTask"))
        node = self._add(kind, scope)
        if kind == "scriptTask":
            node.script = ("x", self._term())
        self._link(last, node)
        self._activity(node, scope, depth)
        return self._branches(node, "inclusiveGateway", scope, depth, default=True)

    def _branches(self, split: Node, merge_kind: str, scope: str, depth: int, *, default: bool) -> str:
        merge = Node("", merge_kind, scope)
        ends: list[str | None] = []
        count = self.random.randint(2, 3)
        plain = not split.kind.endswith("Gateway")
        for number in range(count):
            is_default = default and number == count - 1
            test = None if is_default or (plain and self.chance(0.3)) else self._branch_test(number)
            first = self._add(self.random.choice(("task", "userTask", "scriptTask", "userTask")), scope)
            if first.kind == "scriptTask":
                first.script = (self.random.choice("vwx"), self._term())
            flow = self.process.flow(split.id, first.id, test)
            if is_default:
                split.default = flow.id
            last = self._sequence(first.id, scope, depth + 1) if self.room > 0 and self.chance(0.6) else first.id
            if number and self.chance(0.1):
                self._end(last, scope, depth)  # this way does not come back
            else:
                ends.append(last)
        self.made += 1
        merge.id = f"{merge_kind}{self.made}"
        self.process.add(merge)
        for last in ends:
            self._link(last, merge)
        if merge_kind == "complexGateway" and len(ends) > 1:
            merge.enough = self._enough(len(ends))
        return merge.id

    def _enough(self, ways: int) -> Test:
        """When a complex join goes on: so many tokens are there, or a variable is so large when one comes."""
        if self.chance(0.1):
            return Test(self.random.choice("vx"), True, self.random.randint(0, 3))
        return Test("activationCount", True, self.random.randint(0, ways - 1))

    def _parallel(self, last: str, scope: str, depth: int) -> str:
        split = self._add("parallelGateway", scope)
        self._link(last, split)
        ends = []
        for _ in range(self.random.randint(2, 3)):
            first = self._add(self.random.choice(("task", "userTask", "scriptTask")), scope)
            if first.kind == "scriptTask":
                first.script = (self.random.choice("vwx"), self._term())
            self._link(split.id, first)
            ends.append(self._sequence(first.id, scope, depth + 1) if self.room > 0 else first.id)
        if self.chance(0.25):  # some are enough; who comes later is taken in
            join = self._add("complexGateway", scope, enough=self._enough(len(ends)))
        elif self.chance(
            0.5 if self.seed % 5 == 0 else 0.1
        ):  # each branch goes on alone: the next block runs more than once
            join = self._add("exclusiveGateway", scope)
        else:
            join = self._add("parallelGateway", scope)
        for end in ends:
            self._link(end, join)
        return join.id

    def _loop(self, last: str, scope: str, depth: int) -> str:
        merge = self._add("exclusiveGateway", scope)
        self._link(last, merge)
        task = self._task(merge.id, scope, depth)
        end = self._sequence(task, scope, depth + 1) if self.room > 0 else task
        again = self._add("exclusiveGateway", scope)
        self._link(end, again)
        self.process.flow(again.id, merge.id, self._test())
        after = self._add(self.random.choice(("task", "userTask")), scope)
        again.default = self.process.flow(again.id, after.id).id
        return after.id

    def _race(self, last: str, scope: str, depth: int) -> str:
        """An event-based gateway and what may come first."""
        gateway = self._add("eventBasedGateway", scope)
        self._link(last, gateway)
        merge = self._add("exclusiveGateway", scope)
        for trigger in self.random.sample(AWAITED, self.random.randint(2, 3)):
            event = self._add("intermediateCatchEvent", scope, **self._event(trigger))
            if self.chance(0.15):
                self._several(event, [trigger, self.random.choice([other for other in AWAITED if other != trigger])])
            self._link(gateway.id, event)
            end = self._block(event.id, scope, depth + 1) if self.chance(0.5) else event.id
            self._link(end, merge)
        return merge.id

    def _sub(self, last: str, scope: str, depth: int) -> str:
        node = self._add("subProcess", scope)
        if self.chance(0.25):
            node.loop = self._loop_over()
        self._link(last, node)
        self._body(node.id, depth + 1)
        self._activity(node, scope, depth)
        self._catch_all(node.id, scope, depth)
        return node.id

    def _call(self, last: str, scope: str, depth: int) -> str:
        if not self.called:
            return self._sub(last, scope, depth)
        node = self._add("callActivity", scope, called=self.random.choice(self.called), gives_all=self.chance(0.5))
        self._link(last, node)
        if self.chance(0.2):
            node.loop = self._loop_over()
        self._activity(node, scope, depth)
        if self.chance(0.3):
            node.passes_all = False
            node.inputs |= {name: Term(name) for name in ("v", "w", "key", "items")}
        return node.id

    def _ad_hoc(self, last: str, scope: str, depth: int) -> str:
        """Some activities in any order, until its condition holds."""
        node = self._add("adHocSubProcess", scope, in_order=self.chance(0.3), cancels=self.chance(0.6))
        if self.chance(0.6):
            node.until = Test("v", True, self.random.randint(3, 8))
        self._link(last, node)
        for _ in range(self.random.randint(2, 3)):
            first = self._add(self.random.choice(("userTask", "userTask", "serviceTask", "task")), node.id)
            if self.chance(0.3):
                self._link(first.id, self._add("userTask", node.id))
        if self.chance(0.5):
            self._guard(node.id, scope, depth)
        return node.id
