"""One case that goes round and round: is a step in the last tenth as quick as one in the first, and how large is the state?

    python -m bench.loop [DATABASE_URL] [--rounds 10000]

Prints the median and mean step of the first and the last tenth, their ratio, and the bytes of state. The default database is
a fresh SQLite file.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from engine.persistence.migrate import upgrade
from tests.engine.diagrams import Body
from tests.engine.lab import Lab


def rework() -> Body:
    """A review that is sent back each time: a task with a reminder, two branches joined, a counter."""
    body = Body()
    body.start().gateway("exclusive", "m").user("a").gateway("parallel", "s").script("x", "=n + 1", "n").script("y", "=1", "one")
    body.gateway("parallel", "j").gateway("exclusive", "g", default="g-m").end()
    body.boundary("t", "a", body.timer("timeDuration", "P1D"), interrupting=False).end("e2")
    body.flow("start -> m -> a -> s -> x -> j -> g -> m").flow("s -> y -> j").flow("g -> end", "=stop = true").flow("t -> e2")
    return body


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url", nargs="?")
    parser.add_argument("--rounds", type=int, default=10_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = asked.url or f"sqlite:///{Path(folder) / 'loop.sqlite'}"
        upgrade(url)
        lab = Lab(url, on_change=lambda _work, _changes: None)
        instance = lab.run(rework(), n=0)
        task = lab.task(instance, "a").id
        times = []
        for _ in range(asked.rounds):
            begun = time.perf_counter()
            with lab.work() as work:
                changes = work.complete_user_task(task, {})
            times.append(time.perf_counter() - begun)
            task = next(wait.id for wait in changes.opened if wait.element_id == "a")
        with lab.read() as work:
            state = len(work.instance(instance).tokens)
        lab.database.close()
    tenth = max(1, asked.rounds // 10)
    first, last = times[:tenth], times[-tenth:]
    print(f"rounds {asked.rounds}, state {state} bytes")
    for name, part in (("first", first), ("last", last)):
        print(f"{name} tenth: median {statistics.median(part) * 1e3:.2f} ms, mean {statistics.fmean(part) * 1e3:.2f} ms")
    print(f"ratio of medians {statistics.median(last) / statistics.median(first):.3f}")


if __name__ == "__main__":
    main()
