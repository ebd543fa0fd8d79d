"""Fuzzing of the FEEL parser and evaluator: broken, strange and hostile expressions, each with one of three ends.

    python -m tests.feel.fuzz --seconds 600 [--seed 1]

An input ends in a value, in a refusal with its place (FeelSyntaxError) or at a limit (FeelLimitError); whatever is read
prints to text that reads back to the same tree. Anything else, a second of processor time for one input or 256 MB of memory
is a fault. `tests/feel/test_fuzz.py` runs a little of it.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from engine.feel import (
    Evaluation,
    FeelLimitError,
    FeelSyntaxError,
    compile_expression,
    compile_unary_tests,
    json_text,
    parse_expression,
    text_of,
    to_json,
    to_source,
)
from engine.feel.functions import BUILT_INS
from tests.feel import corpus
from tests.feel.moment import NOW
from tests.sources import ROOT

SLOWEST_ALLOWED = 1.0  # seconds of processor time for one input
MEMORY_ALLOWED = 256  # megabytes
CONTEXT: dict[str, Any] = {
    "amount": Decimal("2800.50"), "n": 7, "negative": Decimal(-1), "huge": Decimal("9.99E6000"), "text": "食品 and a b",
    "empty": "", "half": "\ud800", "yes": True, "nothing": None, "day": "2026-01-31", "float": 0.1,
    "list": [1, Decimal(2), "c", None, [3]], "many": list(range(2_000)), "long": "ab" * 20_000,
    "person": {"age": 71, "name": "张三", "home address": {"city": "兰州"}, "incomes": [{"amount": 3}, {"amount": None}]},
}  # fmt: skip
WORDS = [
    *CONTEXT, "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "not", "between",
    "instance of", "function", "external", "null", "true", "false", "list<", "context<", "range<", "->", "item", "partial", "?",
    "@", "..", "[", "]", "(", ")", "{", "}", ",", ":", ".", "+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", '"', "\\u",
    "`", "//", "/*", "*/", "1", "0", "-1", "1e999999999", "0.1", "34", "1" * 40, '"x"', '"(a)\\\\1"', '"[a-z-[b]]"', "date", "time",
    "duration", "date and time", '@"P1Y"', '@"2026-01-31"', '@"-999999999-12-31"', '@"10:00:00@Asia/Shanghai"', "\u3000", "\x00",
    "𝄞", "\ud800", "１", "é", "\n", "\u2028",
]  # fmt: skip
VALUES = [
    "null", "true", "1", "-2.5", "0", "99999999999999999999999999999999999", "1/3", '""', '"aab"', "long", "many", "list", "person",
    '@"2026-01-31"', '@"9999-12-31T23:59:59Z"', '@"P1Y"', '@"PT1S"', '@"10:00:00"', "[1..5]", "(< 3)", "[]", "[[1], 2]", "{a: 1}",
    "function(x, y) x < y", "function(x) x", '"(a)\\\\1"', '"(a|aa)+$"', '"["', '"smix"', "-1", "1000000", "date(2026, 1, 31)",
]  # fmt: skip
Evaluate = Callable[[str, Random], Evaluation]


@dataclass(slots=True)
class Outcome:
    """What a run has met: how the inputs ended, the slowest of them, and the faults."""

    ends: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    slowest_source: str = ""
    faults: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(self.ends.values())


def seeds() -> list[str]:
    """Well-formed expressions to begin with: the corpus for feelin, and what the shipped files hold."""
    found = list(corpus.expressions())
    for file in sorted((ROOT / "processes").rglob("*.dmn")):
        found += [piece.split("</", 1)[0] for piece in file.read_text("utf-8").split("text>")[1::2]]
    return sorted({each.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") for each in found})


def inputs(random: Random, begun: Sequence[str]) -> Iterator[str]:
    """Endless inputs: seeds damaged, functions called with anything, words in a row, things nested deeply."""
    makers: list[Callable[[], str]] = [
        lambda: damaged(random, random.choice(begun), begun),
        lambda: damaged(random, random.choice(begun), begun),
        lambda: called(random),
        lambda: "".join(random.choice((*WORDS, " ")) for _ in range(random.randrange(1, 30))),
        lambda: nested(random, random.choice(begun)),
    ]
    while True:
        yield random.choice(makers)()


def damaged(random: Random, source: str, others: Sequence[str]) -> str:
    """One to four pieces changed."""
    for _ in range(random.randrange(1, 5)):
        at, end = sorted((random.randrange(len(source) + 1), random.randrange(len(source) + 1)))
        other = random.choice(others)
        source = random.choice((
            source[:at] + source[at + 1 :],
            source[:at] + source[end:],
            source[:at] + random.choice(WORDS) + source[at:],
            source[:end] + source[at:],
            source[:at] + other[random.randrange(len(other) + 1) :] + source[end:],
            source[:at] + f"({other})" + source[end:],
        ))  # fmt: skip
    return source


def called(random: Random) -> str:
    """A built-in function with arguments of any kind, perhaps by name, perhaps within another."""
    name = random.choice(tuple(BUILT_INS))
    arguments = [
        called(random) if random.random() < 0.15 else random.choice(VALUES) for _ in range(random.randrange(5))
    ]
    if random.random() < 0.15:
        parameters = random.choice(BUILT_INS[name]).parameters
        arguments = [f"{each.name}: {value}" for each, value in zip(parameters, arguments, strict=False)]
    return f"{name}({', '.join(arguments)})"


def nested(random: Random, source: str) -> str:
    """Deeper than anybody writes, in one of the ways to nest."""
    before, after = random.choice((
        ("(", ")"), ("[", "]"), ("{a: ", "}"), ("-", ""), ("not(", ")"), ("if true then ", " else 1"), ("1 + ", ""), ("", "[1]"),
        ("for i in [1] return ", ""), ("some x in ", " satisfies true"), ("function(x) ", ""), ("", ".a"), ("", " and true"),
        ("string(", ")"), ("for i in 1..3 return ", ""), ("[", ", 1]"),
    ))  # fmt: skip
    times = random.choice((2, 5, 30, 99, 101, 400))
    return before * times + source + after * times


def as_expression(source: str, random: Random) -> Evaluation:
    return compile_expression(source, names=("home address",)).evaluate(CONTEXT, now=NOW)


def as_cell(source: str, random: Random) -> Evaluation:
    given = random.choice(tuple(CONTEXT.values()))
    return compile_unary_tests(source).evaluate(CONTEXT, input_value=given, now=NOW)


def tell(found: Evaluation) -> str:
    """Everything that is done with a value afterwards; how the input ended."""
    text_of(found.value)
    json_text(to_json(found.value))
    assert all(each.text_zh and each.text_en and each.position >= 0 for each in found.warnings)
    return "null" if found.value is None else "value"


def read_back(source: str) -> None:
    """What can be read prints to text that reads back to the same tree."""
    tree = parse_expression(source, BUILT_INS)
    assert parse_expression(to_source(tree), BUILT_INS) == tree


def check_place(refused: FeelSyntaxError, source: str) -> None:
    """A refusal says where and why, in both languages."""
    assert refused.message_zh
    assert refused.message_en
    assert 0 <= refused.position <= len(source)
    assert refused.line >= 1
    assert refused.column >= 1


def ended(source: str, random: Random, evaluate: Evaluate) -> str:
    """How one input ends; raises whatever else it comes to."""
    try:
        if evaluate is as_expression and len(source) < 2_000:
            try:
                read_back(source)
            except FeelSyntaxError as refused:
                check_place(refused, source)
        return tell(evaluate(source, random))
    except FeelSyntaxError as refused:
        check_place(refused, source)
        return "refused"
    except FeelLimitError:
        return "limit"


def run(*, seconds: float | None = None, count: int | None = None, seed: int = 1) -> Outcome:
    """Fuzz for so many seconds of wall clock, or with so many inputs."""
    random, outcome = Random(seed), Outcome()
    until = None if seconds is None else time.monotonic() + seconds
    for source in inputs(random, seeds()):
        if (until is not None and time.monotonic() > until) or (count is not None and outcome.count >= count):
            return outcome
        evaluate: Evaluate = as_cell if random.random() < 0.25 else as_expression
        begun = time.process_time()
        try:
            end = ended(source, random, evaluate)
        except Exception as error:  # noqa: BLE001 - this is what fuzzing looks for
            end = "fault"
            outcome.faults.append(f"{type(error).__name__}: {error!s:.200} in {source!r:.500}")
        spent = time.process_time() - begun
        outcome.ends[end] += 1
        if spent > outcome.slowest:
            outcome.slowest, outcome.slowest_source = spent, source
        if spent > SLOWEST_ALLOWED:
            outcome.faults.append(f"{spent:.1f} s: {source!r:.500}")
    return outcome


def memory() -> float:
    """The most memory that this process has used so far, in megabytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    before = memory()
    outcome = run(seconds=asked.seconds, seed=asked.seed)
    ends = ", ".join(f"{count:,} {end}" for end, count in outcome.ends.most_common())
    print(f"{outcome.count:,} inputs: {ends}")
    print(f"slowest {outcome.slowest * 1000:.0f} ms of processor time: {outcome.slowest_source!r:.300}")
    print(f"memory: {memory():.0f} MB at most, {before:.0f} MB at the beginning")
    for fault in outcome.faults[:50]:
        print(f"FAULT {fault}")
    return 1 if outcome.faults or memory() > MEMORY_ALLOWED else 0


if __name__ == "__main__":
    sys.exit(main())
