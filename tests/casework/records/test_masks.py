"""What is left of personal data for who may not see it plain."""

from typing import Any

import pytest

from casework.records import masks


@pytest.mark.parametrize(
    ("code", "value", "masked"),
    [
        ("M-NAME", "王秀英", "王某"),
        ("M-NAME", "欧阳修", "欧阳某"),
        ("M-NAME", "欧阳", "欧某"),
        ("M-ID", "11010519491231002X", "110*************2X"),
        ("M-ID", "12345", "****"),
        ("M-PHONE", "13800000000", "138****0000"),
        ("M-BANK", "6222020200112233", "************2233"),
        ("M-ADDR", "甲一村三组12号", "甲一村三组"),
        ("M-ADDR", "甲二社区5幢2单元301室", "甲二社区"),
        ("M-ADDR", "甲一村", "甲一村"),
        ("M-HEALTH", "因病:肺癌晚期", "因病"),
        ("M-HEALTH", "肢体残疾二级", "因残"),
        ("M-HEALTH", "肺癌", "****"),
        ("M-MONEY", 900, "****"),
        ("M-REL", "兄弟", "****"),
        ("M-NEW", "anything", "****"),
        ("M-ID", None, None),
        ("M-ID", "", ""),
        ("M-PHONE", ["13800000000", None], ["138****0000", None]),
    ],
)
def test_a_mask_leaves_what_its_code_says(code: str, value: Any, masked: Any) -> None:
    assert masks.mask(code, value) == masked


def test_a_masked_identity_number_has_as_many_characters_and_none_of_the_middle() -> None:
    masked = masks.identity("11010519491231002X")

    assert len(masked) == 18
    assert "19491231" not in masked


@pytest.mark.parametrize(("posts", "seen"), [(["fund-officer"], "6222020200112233"), (["case-handler", "archivist"], "************2233"), ([], "************2233")])
def test_plain_is_for_the_posts_of_the_code(posts: list[str], seen: str) -> None:
    assert masks.for_posts("M-BANK", "6222020200112233", posts) == seen


def test_an_unknown_code_hides_from_everybody() -> None:
    assert masks.for_posts("M-NEW", "x", ["case-handler", "supervisor"]) == "****"
