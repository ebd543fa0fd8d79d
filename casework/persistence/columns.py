"""Column types of casework beside the engine's: words, lists of words, money."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Dialect, String, Text
from sqlalchemy.types import TypeDecorator


class Word(TypeDecorator[StrEnum]):
    """A word of a closed list (`StrEnum`), kept as its text."""

    impl = String(20)
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.kind(value)


class Words(TypeDecorator[tuple[str, ...]]):
    """A short list of words without line breaks, kept one per line; None is kept apart from the empty list."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if any("\n" in word or not word for word in value):
            raise ValueError("a word in a list is not empty and has no line break")
        return "\n".join(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[str, ...] | None:
        return None if value is None else tuple(value.split("\n")) if value else ()


class Exact(TypeDecorator[Decimal]):
    """A decimal as its text: exact on both databases, which SQLite's numbers are not. Never summed or sorted in SQL."""

    impl = String(50)
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)
