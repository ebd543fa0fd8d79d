"""The application with the demo authority, called at /engine-rest."""

import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.main import create_app
from api.settings import CamundaAccess, Settings
from tests.api.conftest import installed  # noqa: F401 - the fixture of an installation with the demo authority
from tests.api.people import PASSWORD, settings_for
from tests.camunda7.diagrams import external, parts, waiting, with_error

REST = "/engine-rest"


class Caller(TestClient):
    """A program or person at /engine-rest; `login` calls as that person with Basic credentials."""

    def get(self, path: str, **options: Any) -> Any:  # type: ignore[override]
        return super().get(f"{REST}{path}", **options)

    def post(self, path: str, **options: Any) -> Any:  # type: ignore[override]
        return super().post(f"{REST}{path}", **options)

    def put(self, path: str, **options: Any) -> Any:  # type: ignore[override]
        return super().put(f"{REST}{path}", **options)

    def delete(self, path: str, **options: Any) -> Any:  # type: ignore[override]
        return super().delete(f"{REST}{path}", **options)


def open_caller(settings: Settings) -> Caller:
    """A caller of an application of its own."""
    return Caller(create_app(settings, static=settings.data_dir / "no-client"), base_url=settings.public_url)


def settings_in(installed: Path, folder: Path, **others: Any) -> Settings:  # noqa: F811 - not the fixture, what it gives
    """A copy of the installation with other settings."""
    shutil.copytree(installed, folder)
    return dataclasses.replace(settings_for(f"sqlite:///{folder / 'yimen.sqlite'}", folder), **others)


@pytest.fixture(scope="module")
def rest(
    installed: Path, tmp_path_factory: pytest.TempPathFactory, used_databases: set[str]  # noqa: F811
) -> Iterator[Caller]:
    """Anybody, at a demonstration on this machine; the diagrams of `tests.camunda7.diagrams` are deployed."""
    used_databases.add("sqlite")
    with open_caller(settings_in(installed, tmp_path_factory.mktemp("rest") / "data")) as client:
        sent = parts(("with-worker.bpmn", external()), ("with-error.bpmn", with_error()), ("with-message.bpmn", waiting()))
        deployed = client.post("/deployment/create", **sent)
        assert deployed.status_code == 200, deployed.text
        yield client


@pytest.fixture(scope="module")
def locked(
    installed: Path, tmp_path_factory: pytest.TempPathFactory, used_databases: set[str]  # noqa: F811
) -> Iterator[Caller]:
    """Anybody, at an installation that asks for credentials."""
    used_databases.add("sqlite")
    settings = settings_in(installed, tmp_path_factory.mktemp("locked") / "data", camunda_access=CamundaAccess.REQUIRED)
    with open_caller(settings) as client:
        yield client


def as_person(login: str) -> dict[str, Any]:
    """The credentials of a demo person."""
    return {"auth": (login, PASSWORD)}
