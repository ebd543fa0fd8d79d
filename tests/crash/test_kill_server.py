"""A serving node killed under load loses nothing and does nothing twice; the long run is `python -m bench.kill_server`."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_a_killed_node_loses_nothing_and_repeats_nothing(database_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.kill_server", database_url, "--cases", "6", "--kills", "4"], cwd=ROOT, capture_output=True,
        text=True, timeout=900, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
