"""Lots of walks, worked off by processes of their own where the size of the run says so.

All lots that this test run has chosen are handed out at the first one that is asked for, so that every process is busy; each
test then waits for its own lot. A lot makes its database itself and leaves nothing behind.
"""

from __future__ import annotations

import multiprocessing
import shutil
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest

from tests.random.faults import FAULTS
from tests.random.ground import Ground
from tests.random.report import Tally
from tests.random.runner import run, shards, structured, unstructured, walks_until
from tests.random.shrink import explained
from tests.random.walk import Difference

WALKS = 2_000
"""Within so many walks a planted fault has to be found (reliability page, section 3, a4)."""
EACH = 2
"""Walks through each model when a fault is looked for: another model shows more than another walk."""


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a planted fault: in which walk it showed and how; and what the same walks show without it."""

    walk: int
    how: str | None
    without: str | None


class Databases:
    """Empty databases, copies of a template, in a folder that goes away with them."""

    def __init__(self, template: Path) -> None:
        self._template = template
        self._folder = tempfile.TemporaryDirectory(prefix="yimen-walks-")
        self._made = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def fresh(self) -> str:
        """The URL of another one; the one before is not needed any more."""
        for file in Path(self._folder.name).iterdir():
            file.unlink()
        self._made += 1
        file = Path(self._folder.name) / f"{self._made}.sqlite"
        shutil.copyfile(self._template, file)
        return f"sqlite:///{file}"


def walk_lot(template: Path, kind: str, seeds: range, walks: int, steps: int) -> Tally | str:
    """Walk through the models of these seeds on SQLite; the explanation of a difference if there is one."""
    make = {"structured": structured, "unstructured": unstructured}[kind]
    with Databases(template) as databases:
        try:
            return run(databases.fresh(), make, seeds, walks, steps)
        except Difference as difference:
            return explained(difference, make, databases.fresh)


def look_for_fault(template: Path, name: str, first: int) -> Found:
    """Plant a fault and walk until it shows."""
    plant = next(fault for fault in FAULTS if fault.__name__ == name)
    walks = 0
    with Databases(template) as databases:
        with pytest.MonkeyPatch.context() as patch:
            plant(patch)
            for seeds in shards(first, WALKS // EACH):
                how, walked = _until(databases, seeds)
                walks += walked
                if how is not None:
                    break
        culprit = seeds.start + (walked - 1) // EACH
        without, _ = _until(databases, range(culprit, culprit + 1))
    return Found(walks, how, without)


def _until(databases: Databases, seeds: range) -> tuple[str | None, int]:
    ground = Ground(databases.fresh())
    try:
        return walks_until(ground, structured, seeds, EACH)
    finally:
        ground.close()


class Lots:
    """Hands out work; with one process it is done when it is asked for."""

    def __init__(self, processes: int) -> None:
        self._pool = None
        if processes > 1:
            self._pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"))
        self._waiting: dict[tuple[Any, ...], Future[Any]] = {}

    def hand_out(self, work: Callable[..., Any], all_arguments: Iterable[tuple[Any, ...]]) -> None:
        """Begin with all of this, in order, if there are processes for it."""
        for arguments in all_arguments:
            if self._pool is not None and (work, *arguments) not in self._waiting:
                self._waiting[work, *arguments] = self._pool.submit(work, *arguments)

    def result(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """What a piece of work gave."""
        if self._pool is None:
            return work(*arguments)
        return self._waiting[work, *arguments].result()

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
