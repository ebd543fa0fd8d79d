"""No expression may hold up the engine, whoever wrote it (reliability, section 5)."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from engine.feel import Evaluation, FeelLimitError, Limits

Evaluate = Callable[..., Evaluation]
_LARGE = {"words": "字" * 600_000, "numbers": list(range(6_000))}

# Six lines that denote a million items, because every list holds the one before it ten times.
_DOUBLING = ", ".join(
    f"{name}: [{', '.join([before] * 10)}]" for name, before in zip("abcdef", ["1", *"abcde"], strict=True)
)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("for i in 1..1000000000 return i", "items"),
        ("some i in 1..1000000000 satisfies i < 0", "steps"),
        ("every i in 1..1000, j in 1..1000 satisfies true", "steps"),
        ("words + words", "characters"),
        ('string join([words, words], "")', "characters"),
        ('replace(words, "字", "很长的替换文本")', "steps"),
        ("concatenate(numbers, numbers)", "items"),
        ("append(concatenate(numbers, [1]), concatenate(numbers, numbers))", "items"),
        ("{y: function(f) f(f), r: y(y)}.r", "nest deeper"),
        (f"{{{_DOUBLING}, g: f}}", "steps"),
        (f"{{{_DOUBLING}, g: string(f)}}.g", "steps"),
        (f"{{{_DOUBLING}, g: to json(f)}}.g", "steps"),
        (f"{{{_DOUBLING}, g: f = e}}.g", "steps"),
        (f"{{{_DOUBLING}, g: list contains([e], f)}}.g", "steps"),
        (f"{{{_DOUBLING}, g: [f] in [e]}}.g", "steps"),
        (f"{{{_DOUBLING}, g: count(flatten(f))}}.g", "items"),
        (f"{{{_DOUBLING}, g: f instance of list<list<list<list<list<list<number>>>>>>}}.g", "steps"),
        (f"{{{_DOUBLING}, g: (function(x: list<list<list<number>>>) 1)(f)}}.g", "steps"),
        ("string(words) + string(words)", "characters"),
        ("string(for i in 1..10000 return words)", "characters"),
        ("for i in 1..1000 return {text: words}", "characters"),
    ],
)
def test_work_beyond_a_limit_is_stopped(evaluate: Evaluate, source: str, said: str) -> None:
    with pytest.raises(FeelLimitError) as caught:
        evaluate(source, _LARGE, limits=Limits(seconds=60))  # a slow machine must not win the race to another limit

    assert said in caught.value.message_en


def test_time_is_a_limit_of_its_own(evaluate: Evaluate) -> None:
    generous = Limits(steps=10**9, seconds=0.01)

    with pytest.raises(FeelLimitError, match="10 ms"):
        evaluate("some i in 1..1000000000 satisfies i < 0", limits=generous)


def test_limit_is_told_in_chinese(evaluate: Evaluate) -> None:
    with pytest.raises(FeelLimitError) as caught:
        evaluate("for i in 1..1000000000 return i")

    assert caught.value.message_zh == "列表元素个数超过上限（10000）"


def test_a_hostile_regular_expression_takes_no_time(evaluate: Evaluate) -> None:
    """With backtracking this pattern takes longer than anybody waits."""
    variables: dict[str, Any] = {"text": "a" * 5_000 + "!"}

    assert evaluate('matches(text, "^(a+)+$")', variables).value is False


@pytest.mark.parametrize("pattern", ["(?=a)a", "(?<!a)b", "(?i)a"])
def test_patterns_that_xpath_does_not_know_are_refused(evaluate: Evaluate, pattern: str) -> None:
    assert evaluate(f'matches("aa", "{pattern}")').value is None


def test_ten_thousand_items_are_allowed(evaluate: Evaluate) -> None:
    assert evaluate("count(for i in 1..10000 return i)").value == 10_000


@pytest.mark.parametrize(
    ("pattern", "length"),
    [("(a|b){1000}c", 40_000), ("(a|b)" * 2_000, 40_000), ("ab" * 20_000, 40_000), (r"\p{L}{50}!", 20_000)],
    ids=["repeated", "groups", "long", "classes"],
)
def test_a_pattern_too_large_for_its_text_is_stopped_before_it_is_searched_for(
    evaluate: Evaluate, pattern: str, length: int
) -> None:
    """RE2 never goes back, but its time grows with both together."""
    with pytest.raises(FeelLimitError, match="too large"):
        evaluate("matches(t, p)", {"t": "ab" * (length // 2), "p": pattern})


@pytest.mark.parametrize("call", ["matches(t, p)", 'replace(t, p, "x")', "split(t, p)", "extract(t, p)"])
def test_the_largest_that_is_searched_for_takes_less_than_a_second(evaluate: Evaluate, call: str) -> None:
    begun = time.process_time()

    evaluate(call, {"t": "ab" * 8_000, "p": "(a|b){1000}c"})

    assert time.process_time() - begun < 1


def test_matches_that_look_through_the_rest_of_a_text_again_and_again_are_stopped(evaluate: Evaluate) -> None:
    with pytest.raises(FeelLimitError):
        evaluate('count(extract(t, "a(.*z)?"))', {"t": "a" * 900_000})


def test_ordinary_patterns_search_long_texts(evaluate: Evaluate) -> None:
    assert evaluate(r'matches(t, "\\d{17}[0-9X]$")', {"t": "字" * 900_000 + "62010219600101123X"}).value is True
