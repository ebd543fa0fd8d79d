"""Patterns that refer back to a group are matched as XPath says, and never for long."""

import os
import re
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import Evaluation, FeelLimitError, FunctionFailed, compile_expression
from engine.feel.backtracking import has_reference
from engine.feel.regex import compile_pattern
from tests.feel.moment import NOW


def feel(source: str, **variables: Any) -> Evaluation:
    return compile_expression(source).evaluate(variables, now=NOW)


@pytest.mark.parametrize(
    ("text", "pattern", "flags", "expected"),
    [
        ("aA", r"(a)\1", "i", True),
        ("aA", r"(a)\1", "", False),
        ("abcabc", r"^(abc|b)\1$", "", True),
        ("abab", r"^(ab?)*\1$", "", True),
        ("xyzzy", r"(.)\1", "", True),
        ("xyz", r"(.)\1", "", False),
        ("2026-02-02", r"-(\d{2})-\1$", "", True),
        ("重复重复", r"^(\p{Lo}+)\1$", "", True),
        ("a b a", r"^(\S+)\s+b\s+\1$", "", True),
        ("x\ny", r"(x).\1|(x).y", "", False),
        ("x\ny", r"(x).\1|(x).y", "s", True),
        ("a\nb b", r"^(b) \1$", "m", True),
        ("aba", r"(a) b \1", "x", True),
        (r"(a)\1", r"(a)\1", "q", True),
        ("b", r"(a)?b\1", "", True),
        ("aab", r"^(a+?)\1b$", "", True),
        ("aaaa", r"^(a{1,2})\1$", "", True),
        ("aaaaa", r"^(a{2,})\1$", "", False),
        ("a1", r"(a)(?:b|\1)?1", "", True),
        ("aa2", r"(a)\12", "", True),
        ("vowel-o-o", r"-([a-z-[b-df-hj-np-tv-z]])-\1", "", True),
        ("((", r"([(])\1", "", True),
        ("", r"()\1", "", True),
    ],
)
def test_matches(text: str, pattern: str, flags: str, expected: bool) -> None:
    assert feel("matches(t, p, f)", t=text, p=pattern, f=flags).value is expected


@pytest.mark.parametrize(
    "pattern",
    [r"\1(a)", r"(a\1)", r"(a)\2", r"(a)[\1]", r"(a\1", r"(a)\1)", r"*(a)\1", r"(a)\1{3,1}", r"(a)\1(?=b)", r"([a)\1", r"[]b](a)\1"],
)  # fmt: skip
def test_what_refers_to_nothing_or_cannot_be_read_is_null_with_a_warning(pattern: str) -> None:
    found = feel('matches("aa", p)', p=pattern)

    assert found.value is None
    assert [each.code for each in found.warnings] == ["no-result"]


def test_replace_split_and_extract_know_them_too() -> None:
    assert feel(r'replace("aabbc", "(.)\\1", "<$1>")').value == "<a><b>c"
    assert feel(r'extract("aabbc", "(.)\\1")').value == ["aa", "bb"]
    assert feel(r'split("xaaybbz", "(.)\\1")').value == ["x", "y", "z"]
    assert feel(r'replace("aab", "(b)?\\1", "-")').value is None


@pytest.mark.parametrize(
    ("pattern", "text"),
    [(r"^(a+)+\1b$", "a" * 40), (r"^(a|aa)+\1$", "a" * 60 + "b"), (r"(.*)(.*)(.*)(.*)\1x", "ab" * 60), (r"(a*)*\1b", "a" * 30)],
)  # fmt: skip
def test_a_pattern_that_would_run_away_is_stopped(pattern: str, text: str) -> None:
    begun = time.process_time()

    with pytest.raises(FeelLimitError):
        feel("matches(t, p)", t=text, p=pattern)

    assert time.process_time() - begun < 1


def test_a_long_text_ends_too() -> None:
    with pytest.raises(FeelLimitError):
        feel("matches(t, p)", t="ab" * 200_000, p=r"^(ab)*\1c")


@pytest.mark.parametrize(
    ("pattern", "expected"), [(r"(a)\1", True), (r"\\1", False), (r"[\1]", False), (r"\d\9", True), (r"a1", False)]
)
def test_which_patterns_refer_back(pattern: str, expected: bool) -> None:
    assert has_reference(pattern) is expected


ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\w", "(?:a|b)", "(a|ab)", "(b)", "(a*)", r"\1", r"\1", "c?"])
PIECES = st.tuples(ATOMS, st.sampled_from(["", "", "*", "+", "?", "{1,2}", "*?", "+?"])).map("".join)
PATTERNS = st.lists(PIECES, min_size=1, max_size=4).map(lambda parts: "(a|b)" + "".join(parts) + r"\1")


@settings(max_examples=int(os.environ.get("YIMEN_EXAMPLES", "300")), deadline=None)
@given(PATTERNS, st.text("abc", max_size=7))
def test_python_finds_the_same(pattern: str, text: str) -> None:
    """Where every group that is referred to has matched, Python's own matcher means the same."""
    try:
        ours = compile_pattern(pattern, "").search(text)
    except (FeelLimitError, FunctionFailed):
        return

    theirs = re.search(pattern, text)
    assert (None if ours is None else (ours.start(), ours.end())) == (None if theirs is None else theirs.span())
