"""Random graphs: what nobody should draw and somebody will (reliability page, section 3, a3).

Flows go from anywhere to anywhere: joins that miss a branch, jumps into the middle of a parallel part, loops without a wait.
Such a process may end, wait, stand still for ever at a join, or stop with an incident; it must never hang, lose a token, or
do anything that the token game does not do. One that the rules of deployment refuse is counted and left.
"""

from __future__ import annotations

from random import Random

from tests.random.plan import Model, Node, Process, Term, Test

KINDS = (
    "userTask", "userTask", "userTask", "task", "scriptTask", "serviceTask", "exclusiveGateway", "exclusiveGateway",
    "parallelGateway", "parallelGateway", "inclusiveGateway", "inclusiveGateway", "complexGateway", "subProcess",
    "intermediateCatchEvent", "endEvent",
)  # fmt: skip


class Graphs:
    """Builds one unstructured model."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = Random(f"graph {seed}")
        self.made = 0
        self.process = Process(f"graph{seed}")

    def model(self) -> Model:
        self._scope(self.process.id, self.random.randint(4, 11), 0)
        return Model(self.seed, [self.process])

    def _add(self, kind: str, scope: str, **more: object) -> Node:
        self.made += 1
        return self.process.add(Node(f"{kind}{self.made}", kind, scope, **more))  # type: ignore[arg-type]

    def _scope(self, scope: str, size: int, depth: int) -> None:
        nodes = [self._add("startEvent", scope), *(self._any(scope, depth) for _ in range(size))]
        if all(node.kind != "endEvent" for node in nodes):
            nodes.append(self._add("endEvent", scope))
        self._wire(nodes)
        for node in nodes:
            if node.kind in {"userTask", "subProcess", "serviceTask"} and self.random.random() < 0.25:
                self._attach(node, nodes)
        if depth == 0 and self.random.random() < 0.2:
            self._handler(scope)

    def _any(self, scope: str, depth: int) -> Node:
        random = self.random
        kind = random.choice(KINDS)
        if kind == "subProcess" and depth == 2:
            kind = "userTask"
        more: dict[str, object] = {}
        if kind == "scriptTask":
            more["script"] = (random.choice("vw"), Term("v", random.randint(1, 5)))
        elif kind == "endEvent":
            more["trigger"] = random.choice(("none", "none", "terminate", "error"))
            more["name"] = random.choice(("e1", "e2")) if more["trigger"] == "error" else None
        elif kind == "intermediateCatchEvent":
            more |= self._event()
        node = self._add(kind, scope, **more)
        if kind == "subProcess":
            self._scope(node.id, random.randint(1, 4), depth + 1)
        return node

    def _event(self) -> dict[str, object]:
        trigger = self.random.choice(("timer", "message", "signal", "conditional"))
        test = Test(self.random.choice("vw"), True, self.random.randint(2, 8)) if trigger == "conditional" else None
        name = {"message": f"m{self.made + 1}-{self.seed}", "signal": "s1"}.get(trigger)
        return {"trigger": trigger, "name": name, "hours": self.random.randint(1, 2), "test": test}

    def _wire(self, nodes: list[Node]) -> None:
        """Flows from anywhere to anywhere; a gateway that decides gets what deployment asks of it."""
        random = self.random
        sources = [node for node in nodes if node.kind != "endEvent"]
        targets = [node for node in nodes if node.kind != "startEvent"]
        seen = set()
        for index, source in enumerate(nodes):
            if source not in sources:
                continue
            for _ in range(random.choice((1, 1, 2)) if not source.kind.endswith("Gateway") else random.randint(1, 3)):
                ahead = [target for target in targets if nodes.index(target) > index]
                target = random.choice(ahead if ahead and random.random() < 0.87 else targets)
                if (source.id, target.id) in seen:
                    continue
                seen.add((source.id, target.id))
                self._connect(source, target)
        for target in targets:
            if not target.incoming:
                self._connect(random.choice([source for source in sources if source is not target]), target)
        for node in nodes:
            self._conditions(node)

    def _connect(self, source: Node, target: Node) -> None:
        if all(flow.target != target.id for flow in source.out):
            self.process.flow(source.id, target.id)

    def _conditions(self, node: Node) -> None:
        random = self.random
        if node.kind == "complexGateway" and len(node.incoming) > 1:
            node.enough = Test("activationCount", True, random.randrange(len(node.incoming)))
        decides = node.kind in {"exclusiveGateway", "inclusiveGateway", "complexGateway"}
        if len(node.out) < 2 or not (
            decides or (node.kind in {"userTask", "scriptTask", "serviceTask"} and random.random() < 0.4)
        ):
            return
        default = random.randrange(len(node.out)) if random.random() < 0.8 else None
        for number, flow in enumerate(node.out):
            if number == default:
                node.default = flow.id
            elif decides or random.random() < 0.7:
                flow.test = Test(random.choice("vw"), random.random() < 0.7, random.randint(1, 8))

    def _attach(self, host: Node, nodes: list[Node]) -> None:
        trigger = self.random.choice(("timer", "message", "signal", "conditional", "error"))
        more = self._event() | {"trigger": trigger}
        if trigger == "error":
            more["name"] = self.random.choice(("e1", None))
        elif trigger in {"message", "signal"}:
            more["name"] = f"m{self.made + 1}-{self.seed}" if trigger == "message" else "s1"
        elif trigger == "conditional":
            more["test"] = Test(self.random.choice("vw"), True, self.random.randint(4, 9))
        event = self._add(
            "boundaryEvent",
            host.scope,
            host=host.id,
            interrupting=trigger == "error" or self.random.random() < 0.6,
            **more,
        )
        self._connect(event, self.random.choice([node for node in nodes if node.kind != "startEvent"]))

    def _handler(self, scope: str) -> None:
        handler = self._add("eventSubProcess", scope)
        more = self._event()
        start = self._add("startEvent", handler.id, interrupting=self.random.random() < 0.5, **more)
        task = self._add("userTask", handler.id)
        end = self._add("endEvent", handler.id)
        self.process.flow(start.id, task.id)
        self.process.flow(task.id, end.id)
