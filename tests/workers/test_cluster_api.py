"""The official Node client of Camunda 8 (`@camunda8/orchestration-cluster-api` 9.x, strict) against a started server."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from api.main import create_app
from tests.api.conftest import installed  # noqa: F401 - the fixture of an installation with the demo authority
from tests.api.people import settings_for
from tests.camunda8.serving import DIAGRAMS, serving
from tests.workers.running import HERE

STEPS = {
    "session": {"version": "8.9.0-yimen", "license": True, "me": "demo"},
    "deploy": {"processes": ["permit", "quick"], "decisions": ["fee"], "forms": ["permit-decision"]},
    "definition": {"name": "许可 Permit", "found": 1, "isXml": True},
    "case": {
        "header": "m", "what": "N-1", "task": "decide", "groups": ["case-handler"], "form": "permit-decision",
        "variables": True, "closed": "COMPLETED", "area": ["41"], "state": "COMPLETED",
    },
    "incident": {"type": "JOB_NO_RETRIES", "hadIncident": True, "ends": ["end-refused"], "state": "COMPLETED"},
    "decision": {"output": "20", "rules": ["large"]},
    "worker": {"half": 7},
}  # fmt: skip


@pytest.fixture(scope="module")
def walk(
    node: str, installed: Path, tmp_path_factory: pytest.TempPathFactory, used_databases: set[str]  # noqa: F811
) -> dict[str, Any]:
    """What the client met, by step."""
    used_databases.add("sqlite")
    folder = tmp_path_factory.mktemp("walk8") / "data"
    shutil.copytree(installed, folder)
    app = create_app(settings_for(f"sqlite:///{folder / 'yimen.sqlite'}", folder), static=folder / "no-client")
    with serving(app) as address:
        run = subprocess.run(
            [node, str(HERE / "walk8.mjs"), address, str(DIAGRAMS)], capture_output=True, text=True, timeout=100, check=False
        )
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-3000:]
    lines = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    return {line.pop("step"): line for line in lines}


@pytest.mark.parametrize("step", STEPS)
def test_each_step_of_the_client_comes_out_as_it_should(walk: dict[str, Any], step: str) -> None:
    assert walk[step] == STEPS[step]


def test_an_instance_that_is_over_is_not_cancelled_again(walk: dict[str, Any]) -> None:
    assert walk["cancel"]["state"] == "TERMINATED"
    assert "404" in walk["cancel"]["refusal"]
