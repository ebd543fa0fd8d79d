"""Random processes walked at random: after every step the engine stands where an independent token game stands.

Every step is a transaction of its own that loads the instance anew, so saving and loading is part of each. The size is set
by YIMEN_TEST_RANDOM_MODELS (default 40 models, 3 walks each); a failure names its seed and can be rerun by it.
"""

import os
from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from engine.invariants import broken
from tests.engine.lab import Lab
from tests.random.game import Game, Node
from tests.random.models import Builder

MODELS = int(os.environ.get("YIMEN_TEST_RANDOM_MODELS", "40"))
FIRST = int(os.environ.get("YIMEN_TEST_RANDOM_SEED", "1"))
WALKS = 3
STEPS = 30


def walk(lab: Lab, nodes: dict[str, Node], random: Random) -> Counter[str]:
    """One walk; gives the flows that were taken."""
    value = random.randint(0, 10)
    key = str(random.getrandbits(60))
    game = Game(nodes, value)
    instance = lab.start(v=value, key=key)
    begun = lab.clock.now()
    for _ in range(STEPS):
        assert Counter(lab.tasks(instance)) == game.open_tasks()
        assert (lab.state(instance) == "completed") == game.is_over
        if game.is_over:
            break
        step(lab, game, instance, key, begun, random)
    with lab.database.read() as connection:
        assert broken(connection, lab.engine.definitions) == []
    if not game.is_over:
        with lab.work() as work:
            work.cancel_instance(instance)
    return game.taken


def step(lab: Lab, game: Game, instance: int, key: str, begun: object, random: Random) -> None:
    tasks = sorted(game.open_tasks())
    # of two who wait for one message either may take it; only an unambiguous one can be compared
    messages = sorted(name for name, waiting in game.armed_messages().items() if waiting == 1)
    choice = random.random()
    if choice < 0.2 or not tasks:
        game.pass_hour()
        lab.engine.advance_to(lab.clock.now() + timedelta(hours=1))
    elif choice < 0.35 and messages:
        name = random.choice(messages)
        game.message(name)
        lab.publish(name, key)
    elif choice < 0.4 and messages:
        lab.publish(random.choice(messages), key + "-wrong")
    else:
        value = random.randint(0, 10)
        task = random.choice(tasks)
        game.complete(task, value)
        lab.complete(instance, task, v=value)


@pytest.mark.parametrize("seed", range(FIRST, FIRST + MODELS))
@pytest.mark.sqlite_only
def test_engine_stands_where_the_token_game_stands(lab: Lab, seed: int) -> None:
    random = Random(seed)
    file, nodes = Builder(random).model()
    lab.deploy(file)

    for number in range(WALKS):
        walk(lab, nodes, Random(seed * 1000 + number))
