"""What `yimen feel` and `yimen dmn` share: variables from a file, the moment, and how values and warnings are printed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

from engine.clock import SystemClock
from engine.feel import OFFICE_ZONE, Warning_, json_text, text_of


class Unanswerable(Exception):
    """The question itself cannot be understood: exit code 2."""


def describe(parser: argparse.ArgumentParser, variables: str) -> None:
    """Add the arguments both subcommands have; `variables` is the option that names the file of variables."""
    parser.add_argument(
        variables,
        dest="variables",
        metavar="FILE",
        help="变量,JSON 对象;- 为标准输入 / variables, a JSON object; - is standard input",
    )
    parser.add_argument("--now", metavar="ISO", help="now() 与 today() 的时刻 / the moment of now() and today()")
    parser.add_argument("--json", action="store_true", help="供程序读取 / for programs: one JSON document")
    parser.add_argument(
        "--strict", action="store_true", help="有提醒时退出码为 1 / exit with 1 where there are warnings"
    )


def variables(asked: argparse.Namespace) -> dict[str, Any]:
    """The variables of the named file, numbers as decimals; raises Unanswerable."""
    name: str | None = asked.variables
    if name is None:
        return {}
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
        found = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    except OSError as error:
        raise Unanswerable(f"打不开 / cannot open {error.filename}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise Unanswerable(f"{name} 不是 JSON / is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise Unanswerable(f"{name} 应是 JSON 对象 / should be a JSON object")
    return found


def moment(asked: argparse.Namespace) -> datetime:
    """The moment of the evaluation: as asked, without an offset in the office's zone, else now; raises Unanswerable."""
    if asked.now is None:
        return SystemClock().now()
    try:
        found = datetime.fromisoformat(asked.now)
    except ValueError:
        raise Unanswerable(f"“{asked.now}”不是时刻 / is no moment (2026-01-31T08:30:00+08:00)") from None
    return found if found.tzinfo else found.replace(tzinfo=OFFICE_ZONE)


def shown(value: object) -> str:
    """A value as FEEL writes it."""
    return text_of(value)


def placed(warning: Warning_, source: str) -> tuple[int, int]:
    """Line and column of a warning, from 1."""
    begins = source.rfind("\n", 0, warning.position) + 1
    return source.count("\n", 0, warning.position) + 1, warning.position - begins + 1


def print_warning(out: TextIO, place: str, warning: Warning_) -> None:
    """A warning in both languages, after the place it arose at."""
    out.write(f"提醒 warning {place}: {warning.code}\n    {warning.text_zh}\n    {warning.text_en}\n")


def print_json(out: TextIO, document: Mapping[str, Any] | Iterable[Any]) -> None:
    """One JSON document with every digit of its numbers."""
    out.write(json_text(document) + "\n")
