"""The workers of docs/workers.md, run as they stand on the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workers.running import Server, working

WORKERS = ["worker.py", "worker8.mjs", "worker7.mjs"]


def does_its_jobs(node: str, server: Server, file: str, folder: Path) -> None:
    rich, poor, unknown = server.start("income8" if file != "worker7.mjs" else "income7", [{"amount": 900}, {"amount": 620}, {}])

    with working(node, server, file, folder):
        states = server.wait([rich, poor, unknown], 40)
        later = server.start("income7", [{"amount": 1}])  # the dialect of the file is nothing that a worker sees
        states_later = server.wait(later, 40)

    log = (folder / "w1.log").read_text("utf-8")[-2000:]
    assert (states, states_later) == ({"completed": 3}, {"completed": 1}), log
    assert server.variables(rich)["isWithinLimit"] is False
    assert server.variables(poor)["isWithinLimit"] is True
    assert "isWithinLimit" not in server.variables(unknown)


@pytest.mark.parametrize("file", WORKERS)
def test_a_worker_of_the_page_does_its_jobs(node: str, server: Server, file: str, tmp_path: Path) -> None:
    does_its_jobs(node, server, file, tmp_path / "worker")


@pytest.mark.parametrize("file", WORKERS)
def test_a_worker_of_the_page_signs_in_as_a_program(node: str, locked_server: Server, file: str, tmp_path: Path) -> None:
    does_its_jobs(node, locked_server, file, tmp_path / "worker")
