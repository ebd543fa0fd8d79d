"""The page that tells designers what may stand in a file says what the tables say."""

import re

from engine.parsing.camunda8_words import CAMUNDA_8_WORDS
from engine.parsing.elements import BPMN_TAGS, chinese_name
from tests.sources import ROOT

ZEEBE_TAGS = CAMUNDA_8_WORDS.tags
PAGE = (ROOT / "docs" / "bpmn-coverage.md").read_text("utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| ([^|]+?) \|(.*)$", PAGE, re.MULTILINE)


def test_every_tag_that_is_read_stands_on_the_page_and_no_other() -> None:
    assert sorted(tag for tag, _, _ in ROWS) == sorted([*BPMN_TAGS, *ZEEBE_TAGS])


def test_every_tag_has_the_name_that_refusals_use() -> None:
    named = {(tag, name) for tag, name, _ in ROWS}

    assert named == {(tag, row.zh) for table in (BPMN_TAGS, ZEEBE_TAGS) for tag, row in table.items()}


def test_every_attribute_of_an_extension_stands_beside_it() -> None:
    beside = {(tag, name): rest for tag, name, rest in ROWS}
    missing = [
        (tag, attribute)
        for tag, row in ZEEBE_TAGS.items()
        for attribute in row.attributes
        if f"`{attribute}`" not in beside[tag, row.zh]
    ]

    assert missing == []


def test_refused_elements_are_named_in_chinese() -> None:
    refused = re.findall(r"([^、\s`]+) `(\w+)`", PAGE.partition("## 认识但不执行")[2])

    assert len(refused) > 20
    assert all(chinese_name(tag) == name for name, tag in refused)
