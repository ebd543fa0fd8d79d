"""Class subtraction of XML Schema's regular expressions, which RE2 has not."""

from collections.abc import Callable

import pytest

Value = Callable[..., object]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("[a-z-[aeiou]]", "e", False),
        ("[a-z-[aeiou]]", "x", True),
        ("[a-z-[b-y-[m]]]", "m", True),
        ("[^a-c-[x-z]]", "y", False),
        ("[^a-c-[x-z]]", "d", True),
        (r"^[\w-[\d]]+$", "低保a", True),
        (r"^[\w-[\d]]+$", "低保9", False),
        (r"[\p{Lu}-[A]]", "A", False),
        (r"[\P{Lu}-[a]]", "b", True),
        (r"[\s-[\n]]", "\t", True),
        (r"[\S-[x]]", "x", False),
        (r"[\]\[-[x]]", "]", True),
        (r"[a\-[b]", "[", True),
    ],
)
def test_a_class_without_another(value: Value, pattern: str, text: str, expected: bool) -> None:
    assert value("matches(text, pattern)", {"text": text, "pattern": pattern}) is expected


@pytest.mark.parametrize(
    "pattern", ["[a-z-[aeiou]", "[a-z-[a-z]]", "[z-a-[m]]", r"[\d-z-[5]]", r"[a-z-[\y]]", "[a-[b]c]"]
)
def test_a_class_that_cannot_be_read_gives_null(value: Value, pattern: str) -> None:
    assert value("matches(text, pattern)", {"text": "a", "pattern": pattern}) is None


def test_subtraction_comes_before_the_case_is_ignored(value: Value) -> None:
    assert value('[matches("x", "[A-Z-[OI]]", "i"), matches("o", "[A-Z-[OI]]", "i")]') == [True, False]
