"""A process that dies at any statement loses nothing and does nothing twice."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_dying_at_any_statement_loses_nothing_and_repeats_nothing(database_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.statements", database_url], cwd=ROOT, capture_output=True, text=True, timeout=900,
        check=False,
    )  # fmt: skip

    assert done.stdout.strip().endswith("every command took effect once"), done.stdout + done.stderr
