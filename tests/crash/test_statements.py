"""A process that dies at any statement loses nothing and does nothing twice."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_dying_at_any_statement_loses_nothing_and_repeats_nothing(database_url: str) -> None:
    program = Path(__file__).with_name("statements.py")

    done = subprocess.run(
        [sys.executable, str(program), database_url], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False
    )

    assert done.stdout.strip().endswith("every command took effect once"), done.stdout + done.stderr
