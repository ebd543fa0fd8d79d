"""A demonstration that answers on loopback, with the test's own diagrams in use; made once for all tests of a file."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from api.main import create_app
from api.settings import CamundaAccess, Settings
from casework.model.people import Scope
from casework.people import programs
from tests.api.people import PASSWORD, open_app, settings_for
from tests.camunda8.serving import Guarded, Rest, serving


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


@pytest.fixture(scope="module")
def guarded(
    installation: Path, tmp_path_factory: pytest.TempPathFactory, used_databases: set[str]
) -> Iterator[Guarded]:
    """The same installation, where everybody must say who they are."""
    used_databases.add("sqlite")
    folder = tmp_path_factory.mktemp("guarded") / "data"
    shutil.copytree(installation, folder)
    kept = settings_for(f"sqlite:///{folder / 'yimen.sqlite'}", folder)
    settings = Settings(
        data_dir=folder,
        database_url=kept.database_url,
        clock=kept.clock,
        demo=True,
        camunda_access=CamundaAccess.REQUIRED,
    )
    app = create_app(settings, static=folder / "no-client")
    with serving(app) as address:
        yield Guarded(address, app)


@pytest.fixture(scope="module")
def person(guarded: Guarded) -> Iterator[Callable[[str], Rest]]:
    """Somebody who calls with her password."""
    with ExitStack() as clients:
        yield lambda login: clients.enter_context(closing(Rest(guarded.address, auth=(login, PASSWORD))))


@pytest.fixture(scope="module")
def program(guarded: Guarded) -> Iterator[Callable[..., Rest]]:
    """A program with these scopes in a region."""
    with ExitStack() as clients:

        def calling(*scopes: Scope, region: str = "JA") -> Rest:
            name = f"program-{len(programs.everyone(guarded.app.state.authority))}"
            _, secret = programs.add(guarded.app.state.authority, name, scopes=list(scopes), region=region)
            return clients.enter_context(closing(Rest(guarded.address, auth=(name, secret))))

        yield calling
