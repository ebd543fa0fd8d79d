"""Runs many walks: deploys models together on one database, walks each, counts what was met, reports what differs.

Sizes come from `YIMEN_TEST_RANDOM`: `small` (what a developer waits for), `ci`, `nightly`; single ones from
`YIMEN_TEST_RANDOM_MODELS`, `_GRAPHS`, `_POSTGRES`, `_WALKS`, `_STEPS`, `_SEED`, `_PROCESSES`; `_FAULTS=all` plants all. Whatever fails names its seeds:
`YIMEN_TEST_RANDOM_SEED=417 YIMEN_TEST_RANDOM_MODELS=1 pytest tests/random/test_walks.py` runs one model again.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.errors import DeploymentRefused
from tests.random.blocks import Blocks
from tests.random.graphs import Graphs
from tests.random.ground import Ground
from tests.random.plan import Model
from tests.random.report import Tally
from tests.random.steering import Map
from tests.random.walk import STEPS, Difference, Walk

TOGETHER = 20
"""Models on one database, in one deployment."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many structured models, unstructured ones, models on PostgreSQL; walks through each, their length; the first seed.

    `processes` walk side by side.
    """

    models: int
    graphs: int
    postgres: int
    walks: int
    steps: int
    seed: int = 1
    processes: int = 1

    @classmethod
    def wanted(cls) -> Size:
        name = os.environ.get("YIMEN_TEST_RANDOM", "small")
        size = SIZES[name]
        given = {
            part: int(os.environ.get(f"YIMEN_TEST_RANDOM_{part.upper()}", getattr(size, part)))
            for part in ("models", "graphs", "postgres", "walks", "steps", "seed", "processes")
        }
        return cls(**given)


SIZES = {
    "small": Size(20, 20, 5, 5, 26),
    "ci": Size(2_000, 300, 100, 5, 24, processes=2),
    "nightly": Size(20_000, 10_000, 20_000, 10, 26, processes=2),
}


def shards(first: int, count: int) -> list[range]:
    """Seeds in lots that share a database."""
    return [range(start, min(start + TOGETHER, first + count)) for start in range(first, first + count, TOGETHER)]


def structured(seed: int) -> Model:
    return Blocks(seed).model()


def unstructured(seed: int) -> Model:
    return Graphs(seed).model()


def run(url: str, make: Callable[[int], Model], seeds: Sequence[int], walks: int, steps: int = STEPS) -> Tally:
    """Walk through the models of these seeds; Difference when the engine stands anywhere else than the token game."""
    begun = time.process_time()
    tally = Tally()
    ground = Ground(url)
    try:
        for model in _prepared(ground, [make(seed) for seed in seeds], tally):
            map_ = walk_through(ground, model, walks, tally, steps)
            tally.models += 1
            tally.flows += len(map_.flows)
            tally.flows_taken += sum(1 for flow in map_.flows if not map_.is_new(flow.id))
    finally:
        ground.close()
    tally.seconds = time.process_time() - begun
    return tally


def walk_through(ground: Ground, model: Model, walks: int, tally: Tally, steps: int = STEPS) -> Map:
    """Several walks through one model; what they have seen of it. One that time starts is deployed for them alone."""
    map_ = Map(model, ground.deploy_timed(model) if model.is_timed else ())
    for alarm in map_.alarms:
        alarm.due += ground.hours()
    for number in range(walks):
        Walk(ground, model, model.seed * 1000 + number, map_, tally).run(steps)
        if model.is_timed and map_.is_lost:
            break  # nobody knows where its timers stand
    if model.is_timed:
        ground.retire(model)
        if ground.alarms(model.main.id):
            raise Difference(f"model seed {model.seed}: an old version still has timers that start it")
    return map_


def _prepared(ground: Ground, models: list[Model], tally: Tally) -> list[Model]:
    """The models that can be walked through; those that time starts are deployed in their turn."""
    timed = [model for model in models if model.is_timed]
    return [*_deploy(ground, [model for model in models if not model.is_timed], tally), *timed]


def _deploy(ground: Ground, models: list[Model], tally: Tally) -> list[Model]:
    """All in one deployment; if that is refused one after the other, without those that are refused alone."""
    try:
        if models:
            ground.deploy(models)
    except DeploymentRefused:
        if models[0].main.id.startswith("p"):
            raise  # a structured model is always right
        kept = []
        for model in models:
            try:
                ground.deploy([model])
                kept.append(model)
            except DeploymentRefused:
                tally.refused += 1
        return kept
    return models


def differs(url: str, model: Model, walk_seed: int, steps: int = STEPS) -> Difference | None:
    """The difference that this walk shows, if it does."""
    ground = Ground(url)
    try:
        alarms = ground.deploy_timed(model) if model.is_timed else ground.deploy([model]) or []
        Walk(ground, model, walk_seed, Map(model, alarms), Tally()).run(steps)
    except Difference as difference:
        return difference
    except DeploymentRefused:
        return None
    finally:
        ground.close()
    return None


def walks_until(
    ground: Ground, make: Callable[[int], Model], seeds: Sequence[int], walks: int
) -> tuple[str | None, int]:
    """Walk until something differs or fails in any way: what it was, and the number of the walk that showed it."""
    tally = Tally()
    try:
        for model in _prepared(ground, [make(seed) for seed in seeds], tally):
            walk_through(ground, model, walks, tally)
    except Exception as error:  # noqa: BLE001 - whatever shows the fault has found it
        return str(error) or repr(error), max(tally.walks, 1)
    return None, tally.walks
