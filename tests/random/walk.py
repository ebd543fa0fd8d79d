"""Walks: commands drawn at random, given to the engine and to the token game, and compared after each.

Every command is a transaction of its own in a fresh unit of work, so each begins by loading what the one before saved; it
is done by one of two nodes with caches of their own, now and then by one that has just started. After it the picture in the
database must be the one that the game foretells, and every invariant must hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random

from engine.runtime import state
from engine.runtime.step import Step
from tests.engine.lab import REGION
from tests.random.choices import Command, Do
from tests.random.game import World
from tests.random.ground import Ground
from tests.random.marking import Alarm, Endless, Instance
from tests.random.noise import Noise
from tests.random.picture import Picture, Reader, foretold, pair
from tests.random.plan import Model
from tests.random.report import Tally
from tests.random.steering import Map

STEPS = 26
LONGER, SHORTER = 3.5, 0.2
"""How much of its length a walk has while there is something unseen in the model, and when there is not."""
CROWD = 60
"""Stays at which a walk is ended: what multiplies without end is of no further interest."""


class Difference(Exception):
    """The engine does not stand where the token game stands."""


class Walk(Noise):
    """One walk through a model; its map, shared by all walks of the model, steers the choices."""

    def __init__(self, ground: Ground, model: Model, seed: int, map_: Map, tally: Tally) -> None:
        self.ground = ground
        self.model = model
        self.seed = seed
        self.random = Random(seed)
        self.map = map_
        self.tally = tally
        self.begun = ground.clock.now()
        self.hours = ground.hours()
        self.world = World(model, [Alarm(a.node, a.due - self.hours, a.left) for a in map_.alarms])
        self.readers: dict[Instance, Reader] = {}
        self.script: list[str] = []
        self.key = f"{model.seed}-{seed}"
        self.over: list[tuple[str, Do]] = []
        self.ended: set[Instance] = set()
        self._wishes = None

    # -- the walk -----------------------------------------------------------------------------------------------------

    def run(self, steps: int = STEPS) -> None:
        try:
            self._run(steps)
        except Endless:
            self.tally.endless += 1
            self.map.is_lost = True
        except Difference:
            raise
        except Exception as error:
            raise Difference(self._report(f"{type(error).__name__}: {error}", None, None)) from error
        finally:
            self.tally.walks += 1
            self._account()

    def _run(self, steps: int) -> None:
        for _ in range(self.random.choice((1, 1, 1, 1, 2, 3))):
            self._start()
        for _ in range(round(steps * (LONGER if self.map.has_unseen else SHORTER))):
            alive = [root for root in self.world.roots if root.state == "active"]
            if not alive or (len(alive) < 3 and not self._is_moving(alive)):
                self._start()
            elif sum(1 for _ in self.world.stays()) > CROWD:
                break
            elif self.map.has_unseen and not self._leads_on(alive) and self.random.random() < 0.25:
                if len(alive) > 2:
                    self._act(self._cancel(self.random.choice(alive)))
                self._start()
            else:
                self._act(self._choose())
        for root in self.world.roots:
            if root.state == "active":
                self._act(self._cancel(root))
        self._compare(all_of_them=True)
        if self.model.is_timed:
            self._keep_alarms()

    def _is_moving(self, alive: Sequence[Instance]) -> bool:
        """Whether anything can still happen in one of the instances; one that is stuck for ever is left alone."""
        return any(stay.waits or stay.work or stay.trouble for root in alive for stay in self.world.stays(root))

    def _leads_on(self, alive: Sequence[Instance]) -> bool:
        """Whether one of the instances may still show something new."""
        for stay in (stay for root in alive for stay in self.world.stays(root)):
            if (stay.work or stay.trouble) and self.map.leads_on(stay.node):
                return True
            if any(self.map.leads_on(wait.event) for wait in stay.waits.values()):
                return True
        return False

    def _account(self) -> None:
        self._learn()
        self.tally.met.update(self.world.met)

    def _start(self) -> None:
        self._act(self.random.choice(list(self._beginnings())))

    def _step(self, name: str, text: str) -> None:
        self.tally.steps += 1
        self.tally.commands[name] += 1
        self.script.append(text)

    def _act(self, command: Command) -> None:
        self._step(command.name, command.text)
        is_endless = False
        try:
            command.play()
        except Endless:
            is_endless = True
        node = self.ground.node(self.random)
        if command.engine is not None:
            command.engine(node)
        elif command.do is not None:
            with node.work(region=REGION, by="walker") as work:
                command.do(work)
        if command.is_final and command.do is not None:
            self.over.append((command.text, command.do))
        if is_endless:
            known = [reader.key[1] for reader in self.readers.values()]
            new = self.ground.roots_since(self.model.main.id, self.map.last_root)
            self.map.last_root = max([self.map.last_root, *new])
            for root_id in [*known, *new]:
                self._give_up(root_id)
            raise Endless
        self._compare()

    def _give_up(self, root_id: int) -> None:
        """Nothing is foretold of what may not end: the engine must have stopped, keep its invariants, and let itself be ended."""
        self._invariants(Reader(REGION, root_id, self.begun))
        with self.ground.nodes[1].work(region=REGION, by="walker") as work:
            if work.instance(root_id).state == "active":
                work.cancel_instance(root_id)
        self._invariants(Reader(REGION, root_id, self.begun))

    def _invariants(self, reader: Reader) -> None:
        with self.ground.eye.look() as eye:
            _, faults = reader.read(eye)
        self._no_faults(faults)

    def _no_faults(self, faults: list[str]) -> None:
        faults = [*faults, *self.ground.watch.faults, *self.ground.errors]
        self.ground.watch.faults.clear()
        self.ground.errors.clear()
        if faults:
            raise Difference(self._report("; ".join(faults), None, None))

    def _compare(self, *, all_of_them: bool = False) -> None:
        """Both stand where the other stands. Instances that are over are looked at as they end, and at the end of the walk."""
        self._find_roots()
        with self.ground.eye.look() as eye:
            for instance, reader in self.readers.items():
                if instance in self.ended and not all_of_them:
                    continue
                if instance.state != "active":
                    self.ended.add(instance)
                found, faults = reader.read(eye)
                expected = foretold(instance)
                if found != expected:
                    raise Difference(self._report("; ".join(["another picture", *faults]), expected, found))
                self._no_faults(faults)
                if found.root is not None and expected.root is not None:
                    pair(found.root, expected.root)
        if self.random.random() < 0.1:
            self._write_again()

    def _find_roots(self) -> None:
        """As many instances began as were foretold, in the same order."""
        new = [root for root in self.world.roots if root not in self.readers]
        if not new and not self.model.main.starts():
            return
        found = self.ground.roots_since(self.model.main.id, self.map.last_root)
        if len(found) != len(new):
            raise Difference(self._report(f"{len(found)} instances began, {len(new)} were foretold", None, None))
        for instance, root_id in zip(new, found, strict=True):
            self.readers[instance] = Reader(REGION, root_id, self.begun)
            self.map.last_root = root_id

    def _keep_alarms(self) -> None:
        """The timers that start instances stand where they have to, and go on with the next walk."""
        self.map.alarms = [Alarm(alarm.node, alarm.due + self.hours, alarm.left) for alarm in self.world.alarms]
        expected = sorted(((alarm.node.id, alarm.due, alarm.left) for alarm in self.map.alarms), key=str)
        found = self.ground.alarms(self.model.main.id)
        if found != expected:
            raise Difference(self._report(f"timers that start instances: {found}, foretold {expected}", None, None))

    def _write_again(self) -> None:
        """I5: an execution that was loaded is written as it was stored."""
        node = self.ground.node(self.random)
        for instance, reader in self.readers.items():
            if instance.state != "active":
                continue
            with node.read(region=REGION) as work:
                for row in work.instances(reader.key[1]):
                    step = Step(work, row.root_id, REGION, work.now, node.zone, work.by)
                    if state.dump(step.execution(row.id)) != row.tokens:
                        raise Difference(self._report("I5: loaded and written again it has other bytes", None, None))

    def _report(self, what: str, expected: Picture | None, found: Picture | None) -> str:
        lines = [f"model seed {self.model.seed}, walk seed {self.seed}, step {len(self.script)}: {what}", "commands:"]
        lines += [f"  {number}. {text}" for number, text in enumerate(self.script, start=1)]
        if expected is not None and found is not None:
            lines += ["expected, not found, by the token game:"]
            lines += _only(expected.lines(), found.lines())
            lines += ["found, not expected, in the database:"]
            lines += _only(found.lines(), expected.lines())
        return "\n".join(lines)


def _only(lines: Sequence[str], others: Sequence[str]) -> list[str]:
    """The lines of a picture, with a mark at those that the other has not."""
    rest = Counter(others)
    marked = []
    for line in lines:
        marked.append(f"  {'  ' if rest[line] else '! '}{line}")
        rest[line] -= 1
    return marked
