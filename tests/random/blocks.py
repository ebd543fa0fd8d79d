"""Random structured processes: blocks inside blocks, as people draw them (reliability page, section 4).

One seed makes one model. A block continues the path that it is given and gives back the last element; whatever it opens it
closes, so that every token can reach an end. Events on the border, event sub-processes and early ends break the order in
all the ways that BPMN allows.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.random.plan import Loop, Model, Node, Process, Rounds, Term, Test

DEPTH = 4
CODES = ("e1", "e2")
SIGNALS = ("s1", "s2")
WAITING = frozenset(
    {"userTask", "serviceTask", "receiveTask", "intermediateCatchEvent", "eventBasedGateway", "callActivity"}
)
THROWING = frozenset({"serviceTask", "error"})


class Blocks:
    """Builds one structured model.

    `room` bounds its size, `called` are the processes that may be called from it, `bare` the scopes without start and end
    events (who draws one draws the other, BPMN 2.0, 10.5.3).
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = Random(seed)
        self.made = 0
        self.room = 0
        self.process = Process("")
        self.called: list[str] = []
        self.bare: set[str] = set()
        self.is_compensating = False

    def model(self) -> Model:
        name = f"p{self.seed}"
        processes = []
        if self.chance(0.35):
            processes.append(self._process(f"{name}-called", self.random.randint(3, 9)))
            self.called.append(f"{name}-called")
        main = self._process(name, self.random.choice((8, 14, 20, 30)))
        if not any(node.called for node in main.nodes.values()):
            processes.clear()
        return Model(self.seed, [main, *processes])

    def _process(self, process_id: str, room: int) -> Process:
        self.process = Process(process_id)
        self.room = room
        self._body(process_id, 0)
        return self.process

    # -- small things -------------------------------------------------------------------------------------------------

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def _add(self, kind: str, scope: str, **more: object) -> Node:
        self.made += 1
        self.room -= 1
        return self.process.add(Node(f"{kind}{self.made}", kind, scope, **more))  # type: ignore[arg-type]

    def _link(self, last: str | None, node: Node, test: Test | None = None) -> str:
        if last is not None:
            self.process.flow(last, node.id, test)
        return node.id

    def _test(self, name: str | None = None) -> Test:
        return Test(name or self.random.choice("vvw"), self.chance(0.7), self.random.randint(1, 8))

    def _branch_test(self, number: int) -> Test:
        """Conditions of one split that can each be the first to hold."""
        return Test("v", False, self.random.randint(0, 2)) if number == 2 else self._test("vw"[number])

    def _term(self) -> Term:
        if self.chance(0.3):
            return Term(None, self.random.randint(0, 10))
        return Term(self.random.choice("vw"), self.random.randint(1, 5))

    def _name(self, trigger: str) -> str | None:
        if trigger == "signal":
            return self.random.choice(SIGNALS)
        if trigger == "message":
            return f"m{self.made + 1}-{self.seed}"
        return self.random.choice((*CODES, None)) if trigger in {"error", "escalation"} else None

    def _event(self, trigger: str) -> dict[str, object]:
        """What an event of this trigger needs."""
        more: dict[str, object] = {"trigger": trigger, "name": self._name(trigger), "hours": self.random.randint(1, 3)}
        if trigger == "conditional":
            more["test"] = self._test()
        return more

    # -- scopes -------------------------------------------------------------------------------------------------------

    def _body(self, scope: str, depth: int, start: Node | None = None) -> None:
        """All that stands directly inside a process or sub-process."""
        last: str | None
        if start is not None:
            last = start.id
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
        elif draw < 0.25 and depth:
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

    def _handler(self, scope: str, depth: int, beside: Node | None = None) -> Node | None:
        """An event sub-process, its start event; a quiet path, so that what it throws cannot start it again."""
        trigger = self._trigger(scope)
        quiet = trigger != "error" and self.chance(0.5)
        more = self._event(trigger)
        if beside is not None and (beside.trigger, beside.name) == (trigger, more["name"]):
            return None  # which of the two happens would be open
        handler = self._add("eventSubProcess", scope)
        if trigger == "timer" and quiet and self.chance(0.5):
            more["times"] = self.random.choice((0, 2, 3))
        start = self._add("startEvent", handler.id, interrupting=not quiet, **more)
        last = self._aside(start.id, handler.id, depth + 1)
        if self.chance(0.8):
            draw = self.random.random()
            if draw < 0.12:
                self._link(last, self._add("endEvent", handler.id, trigger="error", name=self.random.choice(CODES)))
            elif draw < 0.24:
                self._link(last, self._add("endEvent", handler.id, trigger="terminate"))
            else:
                self._link(last, self._add("endEvent", handler.id))
        if depth + 1 < DEPTH and self.room > 0 and self.chance(0.15):
            self._handler(handler.id, depth + 1)
        return start

    def _contains(self, scope: str, kinds: frozenset[str]) -> bool:
        """Whether an element of these kinds, or one that throws one of these, stands at any depth inside."""
        return any(
            node.kind in kinds
            or (node.kind in {"endEvent", "intermediateThrowEvent"} and node.trigger in kinds)
            or self._contains(node.id, kinds)
            for node in self.process.inside(scope)
        )

    def _stops(self, scope: str) -> bool:
        """Whether a token can be met inside: what passes at once gives an event no chance."""
        return self._contains(scope, WAITING)

    def _trigger(self, host: str) -> str:
        """Why an event at this activity or in this scope could happen."""
        node = self.process.nodes.get(host)
        triggers = ["timer", "message", "signal", "conditional"]
        if (node is not None and node.kind in {"serviceTask", "callActivity"}) or self._contains(host, THROWING):
            triggers.append("error")
        if self._contains(host, frozenset({"escalation"})):
            triggers += ["escalation"] * 3
        return self.random.choice(triggers)

    def _aside(self, last: str, scope: str, depth: int) -> str:
        """A short path behind an event: work of people, sometimes a sub-process."""
        task = self._link(last, self._add(self.random.choice(("userTask", "userTask", "serviceTask")), scope))
        if depth < DEPTH and self.room > 2 and self.chance(0.2):
            task = self._sub(task, scope, depth)
        return task

    # -- what stands on the border of an activity ---------------------------------------------------------------------

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
            last = self._aside(event.id, scope, depth + 1)
            draw = 1.0 if scope in self.bare else self.random.random()
            if draw < 0.1:
                self._link(last, self._add("endEvent", scope, trigger="terminate"))
            elif draw < 0.2 and depth:
                self._link(last, self._add("endEvent", scope, trigger="error", name=self.random.choice(CODES)))
            elif draw < 0.8:
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
        return Loop(
            items, self.chance(0.5), self.random.choice(("item", "item", "v", None)),
            *(("collected", self.random.choice((Term("v"), Term("item"), Term("loopCounter", 1)))) if self.chance(0.5)
              else (None, None)),
            self._until() if self.chance(0.4) else None,
        )  # fmt: skip

    def _until(self) -> Test:
        name = self.random.choice(("numberOfCompletedInstances", "numberOfActiveInstances", "v"))
        return Test(name, True, self.random.randint(0, 2) if name != "v" else self.random.randint(3, 8))

    # -- simple blocks ------------------------------------------------------------------------------------------------

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
        trigger = self.random.choice(("timer", "message", "signal", "conditional"))
        return self._link(last, self._add("intermediateCatchEvent", scope, **self._event(trigger)))

    def _throw(self, last: str, scope: str, depth: int) -> str:
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

    # -- nested blocks ------------------------------------------------------------------------------------------------

    def _choice(self, last: str, scope: str, depth: int) -> str:
        """Exclusive; without a default flow sometimes none holds, which is an incident until the data are put right."""
        split = self._add("exclusiveGateway", scope)
        self._link(last, split)
        return self._branches(split, "exclusiveGateway", scope, depth, default=self.chance(0.85))

    def _inclusive(self, last: str, scope: str, depth: int) -> str:
        split = self._add("inclusiveGateway", scope)
        self._link(last, split)
        return self._branches(split, "inclusiveGateway", scope, depth, default=self.chance(0.85))

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
        plain = split.kind not in {"exclusiveGateway", "inclusiveGateway"}
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
        return merge.id

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
        if self.chance(0.1):  # each branch goes on alone: the next block runs more than once
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
        for trigger in self.random.sample(("timer", "message", "signal", "conditional"), self.random.randint(2, 3)):
            event = self._add("intermediateCatchEvent", scope, **self._event(trigger))
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
        return self._activity(node, scope, depth)

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

    def _transaction(self, last: str, scope: str, depth: int) -> str:
        """It succeeds, or is cancelled: then what it did is undone and it is left by its border."""
        node = self._add("transaction", scope)
        self._link(last, node)
        start = self._add("startEvent", node.id)
        inner = self._compensated(start.id, node.id, depth, throws=False)
        split = self._add("exclusiveGateway", node.id)
        self._link(inner, split)
        self._link(split.id, self._add("endEvent", node.id, trigger="cancel"), self._test())
        split.default = self.process.flow(split.id, self._add("endEvent", node.id).id).id
        border = self._add("boundaryEvent", scope, host=node.id, trigger="cancel")
        after = self._aside(border.id, scope, depth + 1)
        if scope not in self.bare:
            self._link(after, self._add("endEvent", scope))
        return node.id

    def _compensated(self, last: str, scope: str, depth: int, *, throws: bool = True) -> str:
        """Activities that can be undone, and an event that has it done."""
        for _ in range(self.random.randint(1, 3)):
            node = self._add(self.random.choice(("userTask", "serviceTask", "scriptTask")), scope)
            if node.kind == "scriptTask":
                node.script = (self.random.choice("vwx"), self._term())
            handler = self._add(self.random.choice(("userTask", "serviceTask")), scope, undoes=True)
            node.undone_by = handler.id
            last = self._link(last, node)
        if throws:
            last = self._link(last, self._add("intermediateThrowEvent", scope, trigger="compensation"))
        return last

    def _undo(self, last: str, scope: str, depth: int) -> str:
        """One group of compensation in a model: what an outer event would undo again is another question."""
        if self.is_compensating:
            return self._task(last, scope, depth)
        self.is_compensating = True
        return self.random.choice((self._compensated, self._transaction))(last, scope, depth)

    _simple: tuple[Callable[[Blocks, str, str, int], str], ...] = (
        _task, _task, _service, _script, _pass, _receive, _catch, _throw, _many_tasks, _escalate, _jump, _rounds,
    )  # fmt: skip
    _nested: tuple[Callable[[Blocks, str, str, int], str], ...] = (
        _choice, _inclusive, _many_ways_out, _parallel, _loop, _race, _sub, _sub, _call, _many_tasks, _ad_hoc, _undo,
    )  # fmt: skip
