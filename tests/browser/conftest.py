"""A running server with the demo authority, and a Chromium to look at it with.

The server is a process of its own, as in an authority; its clock is moved by hand and begins at a morning in February 2026,
before the Spring Festival. Pictures go to `var/screenshots/`, which is not in git.
"""

import os
import select
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.desk import ROOT, Desk
from tests.conftest import DEMO_KEY

BEGIN = datetime(2026, 2, 10, 1, 5, tzinfo=UTC)
DESKTOP = (1440, 900)
PHONE = (390, 844)
STATIC = ROOT / "api" / "static" / "index.html"
SHOTS = ROOT / "var" / "screenshots"
START_SECONDS = 60
PATIENCE_MS = 20_000

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def chromium(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, sqlite_demo: Callable[[], Path], used_databases: set[str]) -> Iterator[str]:
    """Where a server of this test module listens; it has a database of its own."""
    if not STATIC.exists():
        pytest.fail("the web client is not built: run `npm ci && npm run build` in web/, or `python3 run.py test`")
    used_databases.add("sqlite")
    folder = tmp_path_factory.mktemp("server")
    shutil.copyfile(sqlite_demo(), folder / "yimen.sqlite")
    _set_clock(folder / "yimen.sqlite")
    _write_key(folder / "seal.key")
    port = _free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("YIMEN_")},
        "YIMEN_DATA_DIR": str(folder),
        "YIMEN_PORT": str(port),
        "YIMEN_CLOCK": "manual",
        "YIMEN_DEMO": "true",
    }
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen([sys.executable, "-m", "api"], cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            _wait_until_served(f"http://127.0.0.1:{port}/api/health", server, folder / "server.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=30)


@pytest.fixture
def sit_down(chromium: Browser, address: str) -> Iterator[Callable[..., Desk]]:
    """Gives a desk: a window of its own, on a phone where asked for; errors in the browser's console fail the test."""
    pages: list[Page] = []
    errors: list[str] = []

    def sit(login: str | None = None, *, phone: bool = False) -> Desk:
        width, height = PHONE if phone else DESKTOP
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=2 if phone else 1,
            has_touch=phone,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if "Content Security Policy" in line.text else None)
        pages.append(page)
        desk = Desk(page, address, SHOTS)
        if login is not None:
            desk.sign_in(login)
        return desk

    SHOTS.mkdir(parents=True, exist_ok=True)
    yield sit
    for page in pages:
        page.context.close()
    assert errors == []


def _set_clock(file: Path) -> None:
    """Let the server's clock, which the database keeps, begin where the tests begin."""
    from engine.persistence import Database, clock_row

    database = Database(f"sqlite:///{file}")
    with database.begin() as connection:
        clock_row.write(connection, BEGIN)
    database.close()


def _write_key(file: Path) -> None:
    """The key under which the demo data of the tests are sealed."""
    file.write_bytes(DEMO_KEY)
    file.chmod(0o600)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_served(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = datetime.now(tz=UTC).timestamp() + START_SECONDS
    while datetime.now(tz=UTC).timestamp() < deadline:
        if server.poll() is not None:
            pytest.fail(f"the server ended at once:\n{log.read_text('utf-8', 'replace')[-4000:]}")
        try:
            with urlopen(url, timeout=2):
                return
        except (URLError, ConnectionError, TimeoutError):
            select.select([], [], [], 0.1)
    pytest.fail(f"the server does not answer after {START_SECONDS} s:\n{log.read_text('utf-8', 'replace')[-4000:]}")

