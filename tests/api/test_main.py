"""The console: serving until told to stop, and the first administrator."""

import os
import signal
import socket
import subprocess
import sys
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
        server.wait(30)
        if server.stdout is not None:
            server.stdout.close()


def lines_until_it_listens(server: subprocess.Popen[str], address: str) -> list[str]:
    """What the server prints up to the line that says where it is."""
    assert server.stdout is not None
    lines: list[str] = []
    for line in server.stdout:
        lines.append(line)
        if address in line:
            break
    return lines


@pytest.mark.slow
@pytest.mark.parametrize(("told", "code"), [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGINT, 0)])
def test_the_server_says_where_it_is_answers_and_stops_when_told(
    tmp_path: Path, used_databases: set[str], told: signal.Signals, code: int
) -> None:
    used_databases.add("sqlite")
    with served(tmp_path / "data", YIMEN_DEMO="1") as (server, address):
        before = lines_until_it_listens(server, address)
        with urllib.request.urlopen(f"{address}/api/health", timeout=30) as answer:
            health = answer.read().decode()
        server.send_signal(told)
        stopped = server.wait(30)
        assert server.stdout is not None
        after = server.stdout.read()

    assert before[-1] == f"一门 Yimen: {address}\n"
    assert '"status":"ok"' in health
    assert "ja-01-01-grid" in after
    assert (stopped, "Traceback" in after) == (code, False)
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_the_first_administrator_comes_from_the_console_and_no_second_one(tmp_path: Path) -> None:
    words = ("admin", "--login", "Zhang", "--name", "张某")

    first = run(tmp_path, *words, typed=PASSWORD + "\n")
    second = run(tmp_path, "admin", "--login", "li", "--name", "李某", typed=PASSWORD + "\n")

    assert (first.returncode, "zhang" in first.stdout.lower()) == (0, True), first.stderr
    assert PASSWORD not in first.stdout + first.stderr
    assert (second.returncode, "administrator already" in second.stderr) == (1, True)


def test_a_password_that_is_too_simple_makes_no_administrator(tmp_path: Path) -> None:
    refused = run(tmp_path, "admin", "--login", "zhang", "--name", "张某", typed="short\n")

    assert (refused.returncode, "10" in refused.stderr) == (1, True)


def test_a_wrong_setting_stops_the_start_with_its_name(tmp_path: Path) -> None:
    refused = run(tmp_path, YIMEN_CLOCK="fast")

    assert (refused.returncode, "YIMEN_CLOCK" in refused.stderr) == (2, True)
    assert not list(tmp_path.iterdir())
