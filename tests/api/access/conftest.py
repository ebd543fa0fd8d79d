"""The demo authority behind doors that ask who calls, and as it comes."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.settings import CamundaAccess, Settings
from casework.authority import Authority
from casework.model.people import Scope
from casework.people import programs
from tests.api.access.house import asked, with_addresses


@pytest.fixture
def guarded(settings: Settings, used_databases: set[str]) -> Iterator[FastAPI]:
    """The demo authority in an installation where everybody must say who they are."""
    used_databases.add("sqlite")
    app = with_addresses(asked(settings, camunda_access=CamundaAccess.REQUIRED))
    yield app
    app.state.authority.database.close()


@pytest.fixture
def anybody(guarded: FastAPI) -> Iterator[TestClient]:
    with closing(TestClient(guarded, base_url=guarded.state.settings.public_url)) as client:
        yield client


@pytest.fixture
def open_house(settings: Settings, used_databases: set[str]) -> Iterator[TestClient]:
    """A demonstration on loopback, as it comes."""
    used_databases.add("sqlite")
    app = with_addresses(asked(settings))
    with closing(TestClient(app, base_url=app.state.settings.public_url)) as client:
        yield client
    app.state.authority.database.close()


@pytest.fixture
def authority(guarded: FastAPI) -> Authority:
    found: Authority = guarded.state.authority
    return found


@pytest.fixture
def worker(authority: Authority) -> tuple[str, str]:
    """Client id and secret of a program that works in the first district."""
    made, secret = programs.add(authority, "letters", scopes=[Scope.WORK, Scope.READ], region="JA")
    return made.name, secret
