"""The pages for designers name every function and every check there is."""

import re

from engine.feel.functions import BUILT_INS
from tests.sources import ROOT

FEEL = (ROOT / "docs" / "feel.md").read_text("utf-8")
DMN = (ROOT / "docs" / "dmn.md").read_text("utf-8")


def test_page_on_feel_lists_every_function_and_no_other() -> None:
    table = FEEL.split("## 函数 · Functions")[1]
    listed = set(re.findall(r"`([a-z0-9 ]+)\(", table))

    assert listed == set(BUILT_INS)


def test_page_on_decisions_lists_every_check_and_no_other() -> None:
    reported = set()
    for source in (ROOT / "engine" / "decisions").glob("*.py"):
        text = source.read_text("utf-8")
        reported |= set(re.findall(r'"((?:dmn|feel|more)-[a-z-]+)"', text))

    assert set(re.findall(r"^\| `([a-z-]+)` \|", DMN, re.MULTILINE)) == reported
