"""The one program that must work before anything is installed: what it refuses, what it does only once."""

import ast
import importlib.util
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.sources import ROOT

PROGRAM = ROOT / "run.py"


def load(folder: Path) -> ModuleType:
    """The program as it is when it lies in `folder`."""
    copy = folder / "run.py"
    copy.write_bytes(PROGRAM.read_bytes())
    spec = importlib.util.spec_from_file_location("run", copy)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose web client is one page, written by its build script; it counts how often it was built."""
    web = tmp_path / "web"
    web.mkdir()
    package = {"name": "page", "version": "1.0.0", "private": True, "scripts": {"build": "node build.mjs"}}
    lock = {
        "name": "page",
        "version": "1.0.0",
        "lockfileVersion": 3,
        "packages": {"": {"name": "page", "version": "1.0.0"}},
    }
    (web / "package.json").write_text(json.dumps(package))
    (web / "package-lock.json").write_text(json.dumps(lock))
    (web / "build.mjs").write_text(
        "import fs from 'node:fs'\n"
        "fs.mkdirSync('../api/static', {recursive: true})\n"
        "fs.copyFileSync('page.html', '../api/static/index.html')\n"
        "fs.appendFileSync('../built.txt', 'x')\n"
    )
    (web / "page.html").write_text("一门")
    return tmp_path


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def test_it_can_be_read_by_a_python_that_is_too_old() -> None:
    ast.parse(PROGRAM.read_text("utf-8"), feature_version=(3, 7))


def test_it_uses_the_standard_library_only() -> None:
    tree = ast.parse(PROGRAM.read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_an_old_python_is_told_which_one_is_needed(tmp_path: Path) -> None:
    run = load(tmp_path)

    with pytest.raises(run.SetupError, match=r"Yimen needs Python 3\.11 or newer; this is 3\.9\.2"):
        run.check_python((3, 9, 2), find=lambda _: object())


def test_a_python_without_venv_is_told_which_package_to_install(tmp_path: Path) -> None:
    run = load(tmp_path)

    with pytest.raises(run.SetupError, match=r"apt install python3\.12-venv"):
        run.check_python((3, 12, 1), find=lambda name: None if name == "ensurepip" else object())


def test_a_taken_port_is_named_before_anything_is_set_up(tmp_path: Path, taken_port: int) -> None:
    load(tmp_path)
    environment = {"PATH": os.environ["PATH"], "YIMEN_PORT": str(taken_port)}

    ended = subprocess.run(
        [sys.executable, "run.py"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ended.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{taken_port}" in ended.stderr
    assert f"YIMEN_PORT={taken_port + 1} python3 run.py" in ended.stderr
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize(("words", "code"), [(["help"], 0), (["serv"], 2)])
def test_an_unknown_word_shows_the_usage(words: list[str], code: int) -> None:
    ended = subprocess.run([sys.executable, PROGRAM, *words], capture_output=True, text=True, check=False, timeout=60)

    assert ended.returncode == code
    assert "python3 run.py test" in ended.stdout


def test_a_failing_program_shows_the_end_of_its_output(tmp_path: Path) -> None:
    run = load(tmp_path)

    with pytest.raises(run.SetupError, match=r"the reason[\s\S]*Failed: trial .*exit code 3"):
        run.step("trial", [sys.executable, "-c", "print('the reason'); raise SystemExit(3)"])


def test_the_web_client_is_built_once(checkout: Path) -> None:
    run = load(checkout)

    run.build_web(sys.executable)
    run.build_web(sys.executable)

    assert (checkout / "api/static/index.html").read_text("utf-8") == "一门"
    assert (checkout / "built.txt").read_text("utf-8") == "x"


def test_the_web_client_is_built_anew_after_a_source_changed(checkout: Path) -> None:
    run = load(checkout)
    run.build_web(sys.executable)

    (checkout / "web/page.html").write_text("二门")
    run.build_web(sys.executable)

    assert (checkout / "api/static/index.html").read_text("utf-8") == "二门"


def test_the_web_client_is_built_anew_after_a_built_file_went_missing(checkout: Path) -> None:
    run = load(checkout)
    run.build_web(sys.executable)

    (checkout / "api/static/index.html").unlink()
    run.build_web(sys.executable)

    assert (checkout / "api/static/index.html").exists()


def test_a_broken_build_is_tried_again(checkout: Path) -> None:
    run = load(checkout)
    (checkout / "web/page.html").rename(checkout / "web/gone.html")
    with pytest.raises(run.SetupError):
        run.build_web(sys.executable)

    (checkout / "web/gone.html").rename(checkout / "web/page.html")
    run.build_web(sys.executable)

    assert (checkout / "api/static/index.html").exists()


def test_a_wheel_installation_without_sources_uses_the_client_that_it_carries(tmp_path: Path) -> None:
    run = load(tmp_path)
    (tmp_path / "api/static").mkdir(parents=True)
    (tmp_path / "api/static/index.html").write_text("一门")

    run.build_web(sys.executable)


def test_an_incomplete_checkout_is_refused(tmp_path: Path) -> None:
    run = load(tmp_path)

    with pytest.raises(run.SetupError, match="incomplete"):
        run.build_web(sys.executable)
