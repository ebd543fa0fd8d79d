"""How fast the engine and the product around it are, beside the floor of the same hour: the figures that issue 3 asks for.

    python -m bench.engine [--parts floor,alone,product,...] [--postgresql URL] [--floor-python PYTHON] [--n 60]

The workloads are those of the peers (`workload.py` in YIMEN_SHARED/tools/peers, by default ../shared/tools/peers), the keys that are
printed too; ratios to the floor come last. Without `--postgresql` only what SQLite can show is run. The floor is the bare library with
one JSON row per case (`floor_spiff.py`); it needs SpiffWorkflow, lxml and psycopg2, which the product does not: name the interpreter
that has them. Each part runs alone by its name. Progress goes to stderr. The database named by the URL is only used to make others.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, func, make_url, select, text, update
from sqlalchemy.pool import NullPool

from bench.clients import Alone, Outcome, Town, analyse, load, opened, run, run_processes, settle
from bench.counting import Counted, Proxy, count_sqlite
from bench.models import many, rework, sleeper
from engine.engine import ProcessEngine
from engine.persistence import Database
from engine.persistence import tables as t
from engine.persistence.migrate import upgrade

ROOT = Path(__file__).resolve().parents[1]
PEERS = Path(os.environ.get("YIMEN_SHARED", str(ROOT.parent / "shared"))) / "tools" / "peers"
sys.path.insert(0, str(PEERS))
import workload as w  # noqa: E402 - beside the repository, found at run time


@dataclass
class Bench:
    """What was asked for, and what was measured so far: name of the measurement -> its keys."""

    n: int
    postgresql: str | None
    floor_python: str
    results: dict[str, dict[str, Any]] = field(default_factory=dict)

    def tell(self, name: str, **keys: Any) -> None:
        self.results[name] = keys | {"load": load()}
        print(json.dumps({"measured": name, **self.results[name]}), flush=True)

    def cases(self, name: str, outcome: Outcome, **keys: Any) -> None:
        self.tell(
            name, cases=outcome.cases, cases_per_s=round(outcome.cases / outcome.wall, 2),
            cpu_ms_per_case=round(outcome.cpu / outcome.cases * 1000, 2), complete=w.summary_ms(outcome.latencies), **keys,
        )  # fmt: skip

    @property
    def databases(self) -> list[str]:
        return ["sqlite", "postgresql"] if self.postgresql else ["sqlite"]

    @contextmanager
    def database(self, kind: str, *, tables: bool = True) -> Iterator[str]:
        """A fresh database of the kind; its URL."""
        if kind == "sqlite":
            with tempfile.TemporaryDirectory() as folder:
                url = f"sqlite:///{Path(folder) / 'bench.sqlite'}"
                upgrade(url)
                yield url
            return
        assert self.postgresql is not None
        server, name = make_url(self.postgresql).set(drivername="postgresql+psycopg"), f"bench_{uuid.uuid4().hex[:10]}"
        engine = create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"create database {name}"))
            try:
                url = server.set(database=name).render_as_string(hide_password=False)
                if tables:
                    upgrade(url)
                yield url
            finally:
                connection.execute(text(f"drop database {name} with (force)"))

    def dsn(self, url: str) -> str:
        """The URL as libpq's own words, for the floor."""
        parts = make_url(url)
        words = {"host": parts.host, "port": parts.port, "dbname": parts.database, "user": parts.username, "password": parts.password}
        return " ".join(f"{key}={value}" for key, value in words.items() if value is not None)


# ---- the floor


def floor(bench: Bench) -> None:
    """The bare library: PostgreSQL by its own script, SQLite and several clients by `bench/floor.py`."""
    own = [bench.floor_python, str(ROOT / "bench" / "floor.py"), str(PEERS)]
    with tempfile.TemporaryDirectory() as folder:
        _floor_answer(bench, "floor sqlite", [*own, "--sqlite", str(Path(folder) / "floor.sqlite"), "--n", str(bench.n)])
    if bench.postgresql is None:
        return
    with bench.database("postgresql", tables=False) as url:
        dsn = bench.dsn(url)
        script = [bench.floor_python, str(PEERS / "floor_spiff.py"), "--n", str(bench.n), "--dsn", dsn, "--loop", "10,100,240"]
        _floor_answer(bench, "floor postgresql", script)
        started = [
            subprocess.Popen(
                [*own, "--dsn", dsn, "--clients", "4", "--first", str(10_000 + index * 1000), "--n", str(bench.n), "--waits"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )
            for index in range(2)
        ]
        for process in started:
            assert process.stdout is not None
            process.stdout.readline()
        for process in started:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        begun = time.perf_counter()
        answers = [json.loads(process.communicate(timeout=600)[0]) for process in started]
        wall = time.perf_counter() - begun
    bench.tell(
        "floor postgresql, 8 clients", cases=2 * bench.n, cases_per_s=round(2 * bench.n / wall, 2),
        cpu_ms_per_case=round(sum(one["cpu_ms_per_case"] for one in answers) / 2, 2), complete=answers[0]["complete"],
    )  # fmt: skip


def _floor_answer(bench: Bench, name: str, command: list[str]) -> None:
    answer = subprocess.run(command, capture_output=True, text=True, timeout=900, check=True).stdout
    first, *loops = [json.loads(line) for line in answer.splitlines()]
    bench.tell(name, **first, **({"rework": loops} if loops else {}))


# ---- cases


def alone(bench: Bench) -> None:
    """The engine alone, one client. SQLite with synchronous=NORMAL like the floor."""
    for kind in bench.databases:
        with bench.database(kind) as url, opened(Alone(url, w, synchronous="NORMAL")) as system:
            outcome = run(system, bench.n, 100)
            bench.cases(f"alone {kind}", outcome, largest_state_bytes=_widest_state(system))


def _widest_state(system: Alone) -> int:
    """The state where the case is widest: visit and verify are open."""
    system.start(0)
    system.complete(0, system.opened()[0][1], w.case_data(1))
    return _largest_state(system.database)


def product(bench: Bench) -> None:
    """With the product around it: people, human tasks, forms, history, audit; one client."""
    for kind in bench.databases:
        with bench.database(kind) as url, opened(Town(url, w, synchronous="NORMAL")) as system:
            outcome = run(system, bench.n, 100)
            bench.cases(f"product {kind}", outcome, largest_state_bytes=_widest_state(system))


def clients(bench: Bench) -> None:
    """Eight clients over two processes, the engine alone and with the product around it."""
    if bench.postgresql is None:
        return
    for name, kind, system in (("alone", "alone", Alone), ("product", "town", Town)):
        with bench.database("postgresql") as url:
            with opened(system(url, w)):
                pass
            outcome = run_processes(kind, url, str(PEERS), 2 * bench.n, processes=2, clients=4)
            bench.cases(f"{name} postgresql, 8 clients", outcome)


def counts(bench: Bench) -> None:
    """Statements, round trips and commits for each step of a case, counted on the wire."""
    for name, kind_of in (("alone", Alone), ("product", Town)):
        for kind in bench.databases:
            with bench.database(kind) as url:
                with opened(kind_of(url, w)):
                    pass
                proxy = Proxy(url) if kind == "postgresql" else None
                system = kind_of(proxy.url if proxy else url, w)
                counted = proxy.counted if proxy else count_sqlite(system.database)
                for number in range(8):  # what is prepared on first use is prepared
                    system.walk(0, number, [])
                bench.tell(f"counts {name} {kind}", **_steps(system, counted))
                system.close()


def _steps(system: Alone, counted: Counted) -> dict[str, Any]:
    before, found = counted.copy(), {}

    def watch(step: str) -> None:
        nonlocal before
        made = counted - before
        found[step] = {"statements": made.statements, "round_trips": made.round_trips, "commits": made.commits}
        before = counted.copy()

    system.walk(0, 9, [], watch)
    return found


# ---- shapes


def loop(bench: Bench) -> None:
    """`rework` for 10 000 rounds: the first tenth of the steps against the last, and the state."""
    rounds = 10_000
    for kind in bench.databases:
        with bench.database(kind) as url:
            system = Alone(url, w, synchronous="NORMAL")
            with system.work() as work:
                work.deploy([rework()])
                work.start_instance("rework", {**w.case_data(7), "n": 0, "limit": rounds + 1})
            cpus = _rounds(system, rounds)
            bench.tell(f"rework {kind}", **_tenths(cpus), limit=rounds, steps_done=len(cpus), state_bytes=_largest_state(system.database))
            system.close()


def large(bench: Bench) -> None:
    """A step that names two variables, in a case of 1 KB and in one of 200 KB."""
    for kind in bench.databases:
        medians = {}
        for size in (1_000, 200_000):
            with bench.database(kind) as url:
                system = Alone(url, w, synchronous="NORMAL")
                documents = {f"doc{number}": {"n": 1, "text": "x" * (size // 40 - 15)} for number in range(40)}
                with system.work() as work:
                    work.deploy([rework("=n + doc1.n + doc2.n - 1")])
                    work.start_instance("rework", {**documents, "n": 0, "limit": 10_000})
                cpus = _rounds(system, 400)
                medians[size] = sorted(cpus)[len(cpus) // 2] * 1000
                system.close()
        bench.tell(f"variables {kind}", cpu_ms_1kb=round(medians[1_000], 3), cpu_ms_200kb=round(medians[200_000], 3),
                   ratio=round(medians[200_000] / medians[1_000], 3))  # fmt: skip


def _rounds(system: Alone, rounds: int) -> list[float]:
    """CPU seconds of each completion of the only open task."""
    settle()
    cpus = []
    waiting = system.opened()
    for number in range(rounds):
        begun = time.process_time()
        system.complete(0, waiting[0][1], {"seen": number})
        cpus.append(time.process_time() - begun)
        waiting = system.opened()
        if not waiting:
            break
    return cpus


def _tenths(cpus: list[float]) -> dict[str, float]:
    tenth = max(1, len(cpus) // 10)
    first, last = (sorted(part)[tenth // 2] * 1000 for part in (cpus[:tenth], cpus[-tenth:]))
    return {"first_cpu_ms": round(first, 3), "last_cpu_ms": round(last, 3), "ratio": round(last / first, 3)}


def parallel(bench: Bench) -> None:
    """A task for each of 500 items at once: each completion."""
    for kind in bench.databases:
        with bench.database(kind) as url:
            system = Alone(url, w, synchronous="NORMAL")
            with system.work() as work:
                work.deploy([many(500)])
                begun = time.perf_counter()
                work.start_instance("many", {})
            started = time.perf_counter() - begun
            settle()
            walls, cpu = [], time.process_time()
            for _, task_id in system.opened():
                begun = time.perf_counter()
                system.complete(0, task_id, {})
                walls.append(time.perf_counter() - begun)
            cpu = time.process_time() - cpu
            bench.tell(f"parallel of 500 {kind}", start_ms=round(started * 1000, 1), complete=w.summary_ms(walls[:-1]),
                       last_ms=round(walls[-1] * 1000, 2), cpu_ms_per_completion=round(cpu / 499 * 1000, 2))  # fmt: skip
            system.close()


# ---- timers


def timers(bench: Bench, number: int = 10_000) -> None:
    """So many timers due at once, worked off by two processes; each must fire once."""
    for kind in bench.databases:
        with bench.database(kind) as url:
            system = Alone(url, w, synchronous="NORMAL")
            with system.work() as work:
                work.deploy([sleeper()])
            for _ in range(number // 100):
                with system.work() as work:
                    for _ in range(100):
                        work.start_instance("sleeper", {})
            with system.database.begin() as connection:
                connection.execute(update(t.timer).values(due_at=system.engine.now(connection)))
            analyse(system.database)
            context = multiprocessing.get_context("spawn")
            barrier, answers = context.Barrier(3), context.Queue()
            processes = [context.Process(target=_fire, args=(url, barrier, answers)) for _ in range(2)]
            for process in processes:
                process.start()
            barrier.wait(120)
            begun = time.perf_counter()
            fired = [answers.get(timeout=900) for _ in processes]
            wall = time.perf_counter() - begun
            for process in processes:
                process.join()
            with system.database.read() as connection:
                left = connection.execute(select(func.count()).select_from(t.timer)).scalar()
                ended = connection.execute(select(func.count()).where(t.instance.c.state == "completed")).scalar()
                entries = connection.execute(select(func.count()).where(t.history.c.command == "timer")).scalar()
            bench.tell(f"timers {kind}", timers=number, fired=fired, timers_per_s=round(number / wall, 1), left=left, ended=ended,
                       each_once=(sum(fired), left, ended, entries) == (number, 0, number, number))  # fmt: skip
            system.close()


def _fire(url: str, barrier: Any, answers: Any) -> None:
    database = Database(url, synchronous="NORMAL")
    engine = ProcessEngine(database)
    settle()
    barrier.wait()
    done = 0
    while True:
        fired = engine.run_due()
        done += fired
        with database.read() as connection:
            if not fired and not connection.execute(select(func.count()).select_from(t.timer)).scalar():
                break
    answers.put(done)
    database.close()


def _largest_state(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.max(func.length(t.instance.c.tokens)))).scalar() or 0)


# ---- ratios


def ratios(results: dict[str, dict[str, Any]]) -> Iterator[tuple[str, object, str]]:
    """Every *Must show* line that what was measured can answer: (what, figure, goal)."""

    def figure(key: str, name: str, beside: str) -> float | None:
        if name not in results or beside not in results:
            return None
        return round(float(results[name][key]) / float(results[beside][key]), 2)

    yield "product, PostgreSQL: CPU per case / floor's", figure("cpu_ms_per_case", "product postgresql", "floor postgresql"), "<= 0.4"
    yield "product, PostgreSQL, one client: cases/s / floor's", figure("cases_per_s", "product postgresql", "floor postgresql"), ">= 1"
    yield "product, PostgreSQL, 8 clients: cases/s / floor's", figure(
        "cases_per_s", "product postgresql, 8 clients", "floor postgresql, 8 clients"), ">= 2"  # fmt: skip
    yield "product, SQLite: cases/s / floor's", figure("cases_per_s", "product sqlite", "floor sqlite"), ">= 5"
    yield "engine alone, PostgreSQL: CPU per case / floor's", figure("cpu_ms_per_case", "alone postgresql", "floor postgresql"), "-"
    yield "engine alone, PostgreSQL: cases/s / floor's", figure("cases_per_s", "alone postgresql", "floor postgresql"), "-"
    yield "engine alone, SQLite: cases/s / floor's", figure("cases_per_s", "alone sqlite", "floor sqlite"), "-"
    for kind in ("sqlite", "postgresql"):
        goals: tuple[tuple[str, str, Callable[[dict[str, Any]], object], str], ...] = (
            (f"counts alone {kind}", "most statements per completed task", lambda found: max(
                found[step]["statements"] for step in w.USER_TASKS), "<= 10"),
            (f"counts alone {kind}", "most commits per completed task", lambda found: max(
                found[step]["commits"] for step in w.USER_TASKS), "1"),
            (f"rework {kind}", "last tenth / first", lambda found: found["ratio"], "<= 1.1"),
            (f"rework {kind}", "state", lambda found: found["state_bytes"], "<= 1536"),
            (f"variables {kind}", "200 KB / 1 KB", lambda found: found["ratio"], "<= 1.5"),
            (f"parallel of 500 {kind}", "ms per completion, p95", lambda found: found["complete"]["p95"], "< 20"),
            (f"timers {kind}", "timers/s", lambda found: found["timers_per_s"], ">= 500"),
            (f"timers {kind}", "each once", lambda found: found["each_once"], "true"),
        )  # fmt: skip
        for name, what, value, goal in goals:
            yield f"{name}: {what}", value(results[name]) if name in results else None, goal


PARTS: dict[str, Callable[[Bench], None]] = {
    "floor": floor, "alone": alone, "product": product, "clients": clients, "counts": counts, "loop": loop, "large": large,
    "parallel": parallel, "timers": timers,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--postgresql", metavar="URL")
    parser.add_argument("--floor-python", default=sys.executable)
    parser.add_argument("--n", type=int, default=60, help="cases of each measurement")
    asked = parser.parse_args()
    bench = Bench(asked.n, asked.postgresql, asked.floor_python)
    print(json.dumps({"machine": platform.platform(), "cores": os.cpu_count(), "python": platform.python_version(), "load": load()}))
    for name in asked.parts.split(","):
        print(f"{time.strftime('%H:%M:%S')} {name}", file=sys.stderr, flush=True)
        PARTS[name](bench)
    for what, found, goal in ratios(bench.results):
        if found is not None:
            print(f"{what}: {found} ({goal})")


if __name__ == "__main__":
    main()
