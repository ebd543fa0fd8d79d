"""The log: what people typed stays inside one line of JSON."""

import json
import logging
import sys

import pytest

from api.logs import JsonLines


def line_of(message: str, **more: object) -> str:
    record = logging.LogRecord("yimen.api", logging.ERROR, __file__, 1, message, (), None)
    record.__dict__.update(more)
    return JsonLines().format(record)


@pytest.mark.parametrize("typed", ['王五\r\n{"level":"info"}', "\x1b[2J\x1b[31m", "\u2028\u2029", "\x00\x07"])
def test_whatever_was_typed_stays_within_one_line(typed: str) -> None:
    line = line_of(f"name {typed}")

    assert len(line.splitlines()) == 1
    assert line.isprintable()
    assert json.loads(line)["message"] == f"name {typed}"


def test_a_failure_carries_its_reference_and_its_trace() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError:
        line = line_of("request failed", reference="1a2b", exc_info=sys.exc_info())

    entry = json.loads(line)
    assert entry["reference"] == "1a2b"
    assert "ValueError: two\nlines" in entry["trace"]
    assert len(line.splitlines()) == 1
