"""The application over a database of its own, with the demo authority, and people who sign in to it."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from fastapi import FastAPI

from api.main import create_app
from api.settings import Settings
from tests.api.people import Person, Signing, open_app, settings_for, signed_in
from tests.api.world import World, open_world


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """The data folder of an installation with procedures and demo authority; made once, copied by each test."""
    folder = tmp_path_factory.mktemp("installed") / "data"
    folder.mkdir()
    shutil.copyfile(sqlite_template, folder / "yimen.sqlite")
    app = open_app(settings_for(f"sqlite:///{folder / 'yimen.sqlite'}", folder))
    app.state.authority.database.close()
    return folder


@pytest.fixture
def settings(installed: Path, tmp_path: Path) -> Settings:
    """An installation of the test's own, on SQLite."""
    folder = tmp_path / "data"
    shutil.copytree(installed, folder)
    return settings_for(f"sqlite:///{folder / 'yimen.sqlite'}", folder)


@pytest.fixture
def app(settings: Settings, used_databases: set[str]) -> FastAPI:
    used_databases.add("sqlite")
    return create_app(settings, static=settings.data_dir / "no-client")


@pytest.fixture
def nobody(app: FastAPI) -> Iterator[Person]:
    with Person(app, base_url=app.state.settings.public_url) as client:
        yield client


@pytest.fixture
def sign_in(app: FastAPI, nobody: Person) -> Iterator[Signing]:
    """Sign in a demo person by login, each at a browser of her own."""
    with ExitStack() as browsers:
        yield lambda login: signed_in(app, browsers, login)


@pytest.fixture(scope="module")
def world(installed: Path, tmp_path_factory: pytest.TempPathFactory, used_databases: set[str]) -> Iterator[World]:
    used_databases.add("sqlite")
    with ExitStack() as browsers:
        yield open_world(installed, tmp_path_factory.mktemp("world"), browsers)
