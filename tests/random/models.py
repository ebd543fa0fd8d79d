"""Random structured processes, made twice from the same choices: as a BPMN file and as the graph of the token game."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from engine.model import Resource
from tests.engine.diagrams import Body, resource
from tests.random.game import Condition, Node


@dataclass
class Builder:
    """Builds one random process; `depth` bounds nesting."""

    random: Random
    nodes: dict[str, Node] = field(default_factory=dict)
    made: int = 0

    def model(self) -> tuple[Resource, dict[str, Node]]:
        body = Body()
        self._node(body, "start", "start", "p")
        last = self._sequence(body, "start", "p", depth=0)
        self._node(body, "end", "end", "p")
        self._flow(body, last, "end")
        return resource(body), self.nodes

    def _name(self, kind: str) -> str:
        self.made += 1
        return f"{kind}{self.made}"

    def _node(self, body: Body, kind: str, node_id: str, scope: str, **attributes: str) -> None:
        self.nodes[node_id] = Node(node_id, kind, scope)
        match kind:
            case "start":
                body.start(node_id)
            case "end":
                body.end(node_id)
            case "terminate":
                body.end(node_id, body.terminate)
            case "user":
                body.user(node_id)
            case "script":
                body.script(node_id, "=1", "noise")
            case "xor":
                body.gateway("exclusive", node_id, **attributes)
            case "and":
                body.gateway("parallel", node_id)

    def _flow(self, body: Body, source: str, target: str, above: int | None = None) -> None:
        """A flow; `above`: it is taken when the value exceeds this number."""
        flow = f"{source}-{target}"
        condition: Condition | None = None if above is None else (lambda value: value > above)
        self.nodes[source].out.append((flow, target, condition))
        self.nodes[target].incoming.append(flow)
        body.flow(f"{source} -> {target}", None if above is None else f"=v > {above}")

    def _sequence(self, body: Body, last: str, scope: str, depth: int) -> str:
        for _ in range(self.random.randint(1, 3 if depth else 4)):
            last = self._block(body, last, scope, depth)
        return last

    def _block(self, body: Body, last: str, scope: str, depth: int) -> str:
        kinds = ["user", "user", "script", "guarded"]
        if depth < 3:
            kinds += ["choice", "split", "loop", "sub", "sub"]
        kind = self.random.choice(kinds)
        return getattr(self, f"_{kind}")(body, last, scope, depth)  # type: ignore[no-any-return]

    def _user(self, body: Body, last: str, scope: str, depth: int) -> str:
        task = self._name("user")
        self._node(body, "user", task, scope)
        self._flow(body, last, task)
        return task

    def _script(self, body: Body, last: str, scope: str, depth: int) -> str:
        task = self._name("script")
        self._node(body, "script", task, scope)
        self._flow(body, last, task)
        return task

    def _guarded(self, body: Body, last: str, scope: str, depth: int) -> str:
        task = self._user(body, last, scope, depth)
        self._guard(body, task, scope)
        return task

    def _guard(self, body: Body, host: str, scope: str) -> None:
        """An event attached to a host, with a short path of its own; now and then it ends everything in its scope."""
        event = self._name("event")
        interrupting = self.random.random() < 0.5
        node = Node(event, "boundary", scope, host=host, interrupting=interrupting)
        self.nodes[event] = node
        if self.random.random() < 0.5:
            node.hours = self.random.randint(1, 3)
            inner = body.timer("timeDuration", f"PT{node.hours}H")
        else:
            node.message = f"message-{event}"
            inner = body.message(node.message)
        body.boundary(event, host, inner, interrupting=interrupting)
        after = self._user(body, event, scope, 9)
        end = self._name("end")
        self._node(body, "terminate" if self.random.random() < 0.15 else "end", end, scope)
        self._flow(body, after, end)

    def _choice(self, body: Body, last: str, scope: str, depth: int) -> str:
        split, merge, default = self._name("xor"), self._name("xor"), self._name("script")
        self._node(body, "xor", split, scope, default=f"{split}-{default}")
        self._flow(body, last, split)
        ends = []
        for _ in range(self.random.randint(1, 2)):
            first = self._name("user")
            self._node(body, "user", first, scope)
            self._flow(body, split, first, above=self.random.randint(0, 9))
            ends.append(self._sequence(body, first, scope, depth + 1))
        self._node(body, "script", default, scope)
        self._flow(body, split, default)
        self._node(body, "xor", merge, scope)
        for end in (*ends, default):
            self._flow(body, end, merge)
        return merge

    def _split(self, body: Body, last: str, scope: str, depth: int) -> str:
        split, join = self._name("and"), self._name("and")
        self._node(body, "and", split, scope)
        self._flow(body, last, split)
        ends = []
        for _ in range(self.random.randint(2, 3)):
            first = self._name("script")
            self._node(body, "script", first, scope)
            self._flow(body, split, first)
            ends.append(self._sequence(body, first, scope, depth + 1))
        self._node(body, "and", join, scope)
        for end in ends:
            self._flow(body, end, join)
        return join

    def _loop(self, body: Body, last: str, scope: str, depth: int) -> str:
        merge, again, after = self._name("xor"), self._name("xor"), self._name("script")
        self._node(body, "xor", merge, scope)
        self._flow(body, last, merge)
        task = self._user(body, merge, scope, depth)
        end = self._sequence(body, task, scope, depth + 1)
        self._node(body, "xor", again, scope, default=f"{again}-{after}")
        self._flow(body, end, again)
        self._flow(body, again, merge, above=self.random.randint(4, 8))
        self._node(body, "script", after, scope)
        self._flow(body, again, after)
        return after

    def _sub(self, body: Body, last: str, scope: str, depth: int) -> str:
        sub = self._name("sub")
        inside = Body()
        start, end = f"start-of-{sub}", f"end-of-{sub}"
        self.nodes[sub] = Node(sub, "sub", scope)
        self._node(inside, "start", start, sub)
        final = self._sequence(inside, start, sub, depth + 1)
        self._node(inside, "end", end, sub)
        self._flow(inside, final, end)
        body.sub(sub, inside)
        self._flow(body, last, sub)
        if self.random.random() < 0.5:
            self._guard(body, sub, scope)
        return sub
