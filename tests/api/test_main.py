"""The console: serving until told to stop, and the first administrator."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PASSWORD = "a good password 一二"


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("YIMEN_")}
    return {**kept, "YIMEN_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **more}


def run(folder: Path, *words: str, typed: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "api", *words],
        env=environment(folder, **more),
        input=typed,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@contextmanager
def served(folder: Path, **more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server of its own on a free port; killed at the end, should it still run."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "api"],
        env=environment(folder, YIMEN_PORT=str(port), **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    try:
        yield server, f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.communicate()


def reach(address: str, seconds: float = 120) -> str:
    """The body at an address, as soon as anybody answers there."""
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return str(answer.read().decode())
        except urllib.error.URLError:
            assert time.monotonic() < until, f"nobody answers at {address}"
            time.sleep(0.2)  # another process starts at its own pace


@pytest.mark.slow
def test_the_server_says_where_it_is_answers_and_stops_when_told(tmp_path: Path, used_databases: set[str]) -> None:
    used_databases.add("sqlite")
    with served(tmp_path / "data", YIMEN_DEMO="1") as (server, address):
        assert '"status":"ok"' in reach(f"{address}/api/health")
        server.send_signal(signal.SIGTERM)
        printed, _ = server.communicate(timeout=30)

    assert f"一门 Yimen: {address}" in printed
    assert "ja-01-01-grid" in printed
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_the_first_administrator_comes_from_the_console_and_no_second_one(tmp_path: Path) -> None:
    words = ("admin", "--login", "Zhang", "--name", "张某")

    first = run(tmp_path, *words, typed=PASSWORD + "\n")
    second = run(tmp_path, "admin", "--login", "li", "--name", "李某", typed=PASSWORD + "\n")

    assert (first.returncode, "zhang" in first.stdout.lower()) == (0, True)
    assert PASSWORD not in first.stdout + first.stderr
    assert (second.returncode, "administrator already" in second.stderr) == (1, True)


def test_a_password_that_is_too_simple_makes_no_administrator(tmp_path: Path) -> None:
    refused = run(tmp_path, "admin", "--login", "zhang", "--name", "张某", typed="short\n")

    assert (refused.returncode, "10" in refused.stderr) == (1, True)


def test_a_wrong_setting_stops_the_start_with_its_name(tmp_path: Path) -> None:
    refused = run(tmp_path, YIMEN_CLOCK="fast")

    assert (refused.returncode, "YIMEN_CLOCK" in refused.stderr) == (2, True)
    assert not list(tmp_path.iterdir())
