"""The ways FEEL says no.

    FeelError
     ├─ FeelSyntaxError   the author's mistake: the text is not FEEL (raised when compiling)
     └─ FeelLimitError    the expression asks for more work than one evaluation may cost

Everything else an expression can do wrong is no error: the value is null and a `Warning_` says why
(DMN 1.5, 10.3.2: a failing operation yields null).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FeelError(Exception):
    """Any refusal of this package; carries its sentence in Chinese and in English."""

    def __init__(self, message_zh: str, message_en: str) -> None:
        super().__init__(message_en)
        self.message_zh = message_zh
        self.message_en = message_en


class FeelSyntaxError(FeelError):
    """The text cannot be read as FEEL.

    `position` counts characters from 0, `line` and `column` from 1.
    """

    def __init__(self, message_zh: str, message_en: str, *, source: str, position: int) -> None:
        super().__init__(message_zh, message_en)
        self.source = source
        self.position = position
        self.line = source.count("\n", 0, position) + 1
        self.column = position - (source.rfind("\n", 0, position) + 1) + 1

    def __str__(self) -> str:
        return f"{self.message_en} (line {self.line}, column {self.column})"


class FeelLimitError(FeelError):
    """An evaluation was stopped because it reached one of its limits; no value exists."""


class FunctionFailed(Exception):
    """Raised by a built-in function that has no answer; becomes null and a warning, never leaves the package."""

    def __init__(self, message_zh: str, message_en: str) -> None:
        super().__init__(message_en)
        self.message_zh = message_zh
        self.message_en = message_en


class WarningCode(StrEnum):
    """Why a value became null although the expression is well formed, or, PROVISIONAL, why it may still change."""

    MISSING_VARIABLE = "missing-variable"
    MISSING_ENTRY = "missing-entry"
    UNKNOWN_FUNCTION = "unknown-function"
    WRONG_ARGUMENTS = "wrong-arguments"
    WRONG_TYPE = "wrong-type"
    NO_RESULT = "no-result"
    OUT_OF_RANGE = "out-of-range"
    PROVISIONAL = "provisional"


@dataclass(frozen=True, slots=True)
class Warning_:  # noqa: N801  # `Warning` is a class of Python's own
    """A place where an evaluation fell to null, or to a value that is not settled yet; `position` counts characters from 0 in the source."""

    code: WarningCode
    text_zh: str
    text_en: str
    position: int
