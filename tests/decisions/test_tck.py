"""The cases of the DMN TCK: level 2 passes completely, of level 3 all but the cases listed beside this file.

The kit is public (dmn-tck/tck) and not part of this repository. `tests.sources.SUITES` is the folder that holds it as `dmn-tck`
(YIMEN_SUITES, YIMEN_TEST_SUITES, or `../shared/suites` beside the clone); our runner lies beside that folder, in `tools`.
"""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from engine.decisions.tck import evaluate
from tests.sources import SUITES

KNOWN_FAILURES = Path(__file__).with_name("tck_known_failures.txt")

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(not (SUITES / "dmn-tck").is_dir(), reason="the DMN TCK is not here (YIMEN_SUITES)"),
]


@pytest.fixture(scope="module")
def runner() -> ModuleType:
    specification = importlib.util.spec_from_file_location("tck_runner", SUITES.parent / "tools" / "tck_runner.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["tck_runner"] = module
    specification.loader.exec_module(module)
    return module


def failures(runner: ModuleType, level: int) -> set[str]:
    """Names of the failing cases, as file and case."""
    failed = set()
    for path in sorted((SUITES / "dmn-tck" / "TestCases").glob(f"compliance-level-{level}/*/*-test-*.xml")):
        for model, case in runner.read_tests(str(path)):
            dmn = path.with_name(model or f"{path.parent.name}.dmn")
            if runner.run_case(evaluate, str(dmn), case, 0)[0] != "ok":
                failed.add(f"{path.stem}/{case['id']}")
    return failed


def test_level_2_passes_completely(runner: ModuleType) -> None:
    assert failures(runner, 2) == set()


def test_level_3_fails_only_where_we_know_and_say_why(runner: ModuleType) -> None:
    """A case that begins to pass must leave the list, so that it cannot be lost again unnoticed."""
    listed = {line for line in KNOWN_FAILURES.read_text("utf-8").splitlines() if line and not line.startswith("#")}

    assert failures(runner, 3) == listed
