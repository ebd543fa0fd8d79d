"""What people and other systems do besides: at the wrong time, to the wrong one, twice; and what operators do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from engine.engine import ProcessEngine
from engine.errors import Closed, Suspended
from engine.model import Activation, Termination
from tests.engine.lab import REGION
from tests.random.choices import Choices, Command, wait_id
from tests.random.marking import Instance, Stay


class Noise(Choices):
    """Commands besides what the instances wait for."""

    def _noise(self) -> Iterator[Command]:
        """What people and other systems do besides: at the wrong time, to the wrong one, twice."""
        yield self._pass_time(self.random.choice((0, 1, 2)), 0.5)
        names = [
            part.name for p in self.model.processes for n in p.nodes.values() for part in n.triggers
            if part.trigger == "message" and part.name
        ]  # fmt: skip
        if names:
            name = self.random.choice(names)
            yield self._publish(name, f"{self.key}-wrong", 0.2)
            yield self._publish(name, self.key, 0.5, f"id{self.random.randrange(4)}", self.random.choice((0, 1, 5)))
        yield self._broadcast(self.random.choice(("s1", "s2", "s3")), 0.2)
        for start in self._beginnings():
            start.weight *= 0.1 * self.map.novelty(self.model.main.starts())
            yield start
        alive = [root for root in self.world.roots if root.state == "active"]
        root = self.random.choice(alive)
        stay = self.random.choice([s for s in self.world.stays(root) if s.waits or s.work == "task"] or [root.root])
        yield self._set("set", self.random.choice((root.root, stay)), self._results() or {"v": 1}, 0.5)
        yield self._cancel(root)
        yield self._rest(root)
        yield from self._modify(root)
        if self.over:
            yield self._too_late()

    def _rest(self, root: Instance) -> Command:
        """Suspended, nothing moves the instance and its timers stand still."""
        root_id, hours = self.readers[root].key[1], self.random.choice((1, 3))
        values = self._results() if self.random.random() < 0.5 else {}
        waiting = [stay for stay in self.world.stays(root) if stay.work == "task"]

        def rests(engine: ProcessEngine) -> None:
            with engine.work(region=REGION, by="walker") as work:
                work.suspend_instance(root_id)
            if waiting:
                try:
                    with engine.work(region=REGION, by="walker") as work:
                        work.complete_user_task(wait_id(waiting[0], "user_task"), {})
                    raise AssertionError("a task of a suspended instance was completed")
                except Suspended:
                    pass
            if values:
                with engine.work(region=REGION, by="walker") as work:
                    work.set_variables(root_id, values)
            engine.advance_to(self.ground.clock.now() + timedelta(hours=hours))
            with engine.work(region=REGION, by="walker") as work:
                work.resume_instance(root_id)

        return Command(
            "rest", f"the instance is suspended for {hours} hours, {values} written meanwhile", 0.15,
            lambda: self.world.rest(root, values, hours), engine=rests,
        )  # fmt: skip

    def _modify(self, root: Instance) -> Iterator[Command]:
        """An operator begins somewhere else and takes something away."""
        beginnings = [
            node for node in root.process.inside(root.process.id)
            if node.kind in {"task", "userTask", "serviceTask", "scriptTask", "subProcess"} and not node.undoes
        ]  # fmt: skip
        stays = [
            stay for stay in self.world.stays(root) if stay.instance is root and stay.scope and not _is_in_loop(stay)
        ]
        if not beginnings or not stays:
            return
        begin, stay = self.random.choice(beginnings), self.random.choice(stays)
        root_id, token_id = self.readers[root].key[1], stay.ids["token"]
        yield Command(
            "modify", f"begin at {begin.id}, take {stay.node.id} away", 0.15,
            lambda: self.world.modify(begin, stay),
            lambda work: work.modify_instance(
                root_id, activate=[Activation(begin.id)], terminate=[Termination(element_instance_id=token_id)]
            ),
        )  # fmt: skip

    def _too_late(self) -> Command:
        """What is done already cannot be done again: the second one is told so, and nothing happens."""
        name, do = self.random.choice(self.over)

        def refused(engine: ProcessEngine) -> None:
            try:
                with engine.work(region=REGION, by="walker") as work:
                    do(work)
            except Closed:
                return
            raise AssertionError(f"{name} was done a second time")

        return Command("too late", f"{name} again", 0.4, lambda: None, engine=refused)


def _is_in_loop(stay: Stay) -> bool:
    place = stay.scope
    while place is not None:
        if place.is_frame or place.is_item:
            return True
        place = place.scope
    return stay.is_item
