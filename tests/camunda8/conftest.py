"""A demonstration that answers on loopback, with the test's own diagrams in use; made once for all tests of a file."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.main import create_app
from tests.api.people import open_app, settings_for
from tests.camunda8.serving import Rest, serving


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """The data folder of a demonstration."""
    folder = tmp_path_factory.mktemp("camunda8") / "data"
    folder.mkdir()
    shutil.copyfile(sqlite_template, folder / "yimen.sqlite")
    open_app(settings_for(f"sqlite:///{folder / 'yimen.sqlite'}", folder)).state.authority.database.close()
    return folder


@pytest.fixture(scope="module")
def address(installation: Path, tmp_path_factory: pytest.TempPathFactory, used_databases: set[str]) -> Iterator[str]:
    """Where the server of this file's tests answers."""
    used_databases.add("sqlite")
    folder = tmp_path_factory.mktemp("server") / "data"
    shutil.copytree(installation, folder)
    settings = settings_for(f"sqlite:///{folder / 'yimen.sqlite'}", folder)
    app = create_app(settings, static=folder / "no-client")
    with serving(app) as found:
        yield found


@pytest.fixture(scope="module")
def rest(address: str) -> Iterator[Rest]:
    found = Rest(address)
    found.deploy("permit.bpmn", "quick.bpmn", "permit.form", "fee.dmn")
    yield found
    found.close()
