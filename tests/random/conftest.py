"""Databases for shrinking, the processes that walk, and the figures of the walks at the end of a run."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.engine.conftest import lab
from tests.random import report
from tests.random.lots import Lots
from tests.random.runner import Size

__all__ = ["lab"]


@pytest.fixture
def fresh_sqlite(sqlite_template: Path, tmp_path: Path) -> Callable[[], str]:
    """Gives the URL of another empty database each time."""
    made: list[Path] = []

    def make() -> str:
        file = tmp_path / f"fresh-{len(made)}.sqlite"
        made.append(file)
        shutil.copyfile(sqlite_template, file)
        return f"sqlite:///{file}"

    return make


@pytest.fixture(scope="session")
def lots() -> Iterator[Lots]:
    """Who walks: this process, or several others side by side."""
    lots = Lots(Size.wanted().processes)
    yield lots
    lots.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    lines = report.lines()
    if lines:
        terminalreporter.section("random walks")
        for line in lines:
            terminalreporter.write_line(line)
