"""Our FEEL beside the one of the browser: where they differ, the difference is written down and judged.

Skipped where feelin or node are missing. `python -m tests.feel.test_feelin` writes the list anew, judgements kept.
"""

import functools
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.feel import FeelSyntaxError, Kind, compile_expression, kind_of, text_of
from tests.feel import feelin
from tests.feel.corpus import expressions
from tests.feel.moment import NOW

DIFFERENCES = Path(__file__).with_name("feelin_differences.txt")
_TEMPORAL = frozenset({Kind.DATE, Kind.TIME, Kind.DATE_TIME, Kind.DAYS, Kind.MONTHS})


def ours(source: str) -> Any:
    """Our answer in the form in which feelin.mjs gives its own."""
    try:
        return _told(compile_expression(source).evaluate({}, now=NOW).value)
    except FeelSyntaxError:
        return {"error": ""}


def _told(value: Any) -> Any:
    kind = kind_of(value)
    if kind is Kind.NUMBER:
        return {"number": text_of(value)}
    if kind in _TEMPORAL:
        return {"temporal": text_of(value)}
    if isinstance(value, list):
        return [_told(item) for item in value]
    if isinstance(value, dict):
        return {"context": {name: _told(item) for name, item in value.items()}}
    return value if kind in (Kind.NULL, Kind.BOOLEAN, Kind.STRING) else {"kind": kind}


def agree(first: Any, second: Any) -> bool:
    """Whether both say the same, numbers as far as binary fractions can say it."""
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(agree, first, second))
    if not isinstance(first, dict) or not isinstance(second, dict):
        return first is second if isinstance(first, bool) or isinstance(second, bool) else first == second
    if "number" in first and "number" in second:
        return second["number"] != "NaN" and abs(Decimal(first["number"]) - Decimal(second["number"])) <= abs(
            Decimal(first["number"])
        ) * Decimal("1e-12")
    if "context" in first and "context" in second:
        one, other = first["context"], second["context"]
        return list(one) == list(other) and all(agree(one[name], other[name]) for name in one)
    if first.keys() != second.keys():
        return False
    return first == second if "temporal" in first else True  # errors differ in their words, ranges in their class


def answers(asked: list[str]) -> list[Any]:
    """What feelin says; a value that it drops from a context (an absent one) is null."""
    found: list[Any] = feelin.ask({"ask": [[source, {}] for source in asked]})
    return [{"error": ""} if isinstance(each, dict) and "error" in each else each.get("value") for each in found]


@functools.cache
def differences() -> dict[str, tuple[Any, Any]]:
    """The expressions about which the two disagree, with both answers."""
    asked = list(dict.fromkeys(expressions()))
    pairs = {source: (ours(source), theirs) for source, theirs in zip(asked, answers(asked), strict=True)}
    return {source: pair for source, pair in pairs.items() if not agree(*pair)}


def committed() -> dict[str, str]:
    """Each listed expression with the judgement of its group."""
    found: dict[str, str] = {}
    judgement = ""
    for line in DIFFERENCES.read_text("utf-8").splitlines():
        if line.startswith("## "):
            judgement = line[3:]
        elif line and not line.startswith("#"):
            found[json.loads(line.partition("\t")[0])] = judgement
    return found


@pytest.mark.skipif(not feelin.is_here(), reason="no feelin: run `npm ci` in web or tests/oracle")
def test_feelin_says_the_same_but_for_what_is_listed() -> None:
    """A difference that goes must leave the list, one that comes must be judged."""
    assert set(differences()) == set(committed())


def test_every_listed_difference_is_judged() -> None:
    assert all(judgement and not judgement.startswith("not judged") for judgement in committed().values())


def write() -> None:
    known = committed() if DIFFERENCES.is_file() else {}
    groups: dict[str, list[str]] = {}
    for source, (mine, theirs) in differences().items():
        line = "\t".join(json.dumps(each, ensure_ascii=False) for each in (source, mine, theirs))
        groups.setdefault(known.get(source, "not judged"), []).append(line)
    head = "# Where feelin and we differ on tests/feel/corpus.py: expression, our answer, feelin's, under the judgement of both.\n"
    body = "".join(
        f"\n## {judgement}\n" + "".join(f"{line}\n" for line in lines) for judgement, lines in groups.items()
    )
    DIFFERENCES.write_text(head + body, "utf-8")


if __name__ == "__main__":
    write()
    sys.stdout.write(f"{len(differences())} differences\n")
