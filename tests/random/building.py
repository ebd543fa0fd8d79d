"""What every part of the generator builds with: elements, flows, conditions, and the triggers of events."""

from __future__ import annotations

from random import Random

from tests.random.plan import Node, Process, Term, Test

DEPTH = 4
CODES = ("e1", "e2")
SIGNALS = ("s1", "s2")
AWAITED = ("timer", "message", "signal", "conditional")
WAITING = frozenset(
    {"userTask", "serviceTask", "receiveTask", "intermediateCatchEvent", "eventBasedGateway", "callActivity"}
)
THROWING = frozenset({"serviceTask", "error"})


class Builder:
    """One model in the making.

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

    # -- conditions and values ------------------------------------------------------------------------------------------

    def _test(self, name: str | None = None) -> Test:
        return Test(name or self.random.choice("vvw"), self.chance(0.7), self.random.randint(1, 8))

    def _branch_test(self, number: int) -> Test:
        """Conditions of one split that can each be the first to hold."""
        return Test("v", False, self.random.randint(0, 2)) if number == 2 else self._test("vw"[number])

    def _term(self) -> Term:
        if self.chance(0.3):
            return Term(None, self.random.randint(0, 10))
        return Term(self.random.choice("vw"), self.random.randint(1, 5))

    # -- triggers -------------------------------------------------------------------------------------------------------

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

    def _several(self, node: Node, triggers: list[str], *, together: bool = False) -> Node:
        """Make it an event of several triggers; `together`: all of them have to come."""
        node.trigger, node.name, node.test = "parallelMultiple" if together else "multiple", None, None
        parts = []
        for number, trigger in enumerate(triggers):
            more = self._event(trigger)
            if trigger == "message":
                more["name"] = f"m{self.made}x{number}-{self.seed}"
            if trigger in {"error", "escalation"} and node.kind not in {"boundaryEvent", "startEvent"}:
                more["name"] = self.random.choice(CODES)
            parts.append(Node(f"{node.id}#{number}", node.kind, node.scope, interrupting=node.interrupting, **more))  # type: ignore[arg-type]
        node.parts = tuple(parts)
        return node

    # -- what stands where ----------------------------------------------------------------------------------------------

    def _contains(self, scope: str, kinds: frozenset[str]) -> bool:
        """Whether an element of these kinds, or one that throws one of these, stands at any depth inside."""
        return any(
            (node.kind in kinds and node.trigger != "link")
            or (
                node.kind in {"endEvent", "intermediateThrowEvent"}
                and any(part.trigger in kinds for part in node.triggers)
            )
            or self._contains(node.id, kinds)
            for node in self.process.inside(scope)
        )

    def _stops(self, scope: str) -> bool:
        """Whether a token can be met inside, on its way: what passes at once gives an event no chance."""
        return any(
            (node.kind in WAITING and node.trigger != "link" and not node.undoes)
            or (node.kind != "eventSubProcess" and self._stops(node.id))
            for node in self.process.inside(scope)
        )

    def _trigger(self, host: str) -> str:
        """Why an event at this activity or in this scope could happen."""
        node = self.process.nodes.get(host)
        triggers = ["timer", "message", "signal", "conditional"]
        if (node is not None and node.kind in {"serviceTask", "callActivity"}) or self._contains(host, THROWING):
            triggers.append("error")
        if self._contains(host, frozenset({"escalation"})):
            triggers += ["escalation"] * 3
        return self.random.choice(triggers)
