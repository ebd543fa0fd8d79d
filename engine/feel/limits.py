"""What one evaluation may cost, and the state it carries while it runs.

The numbers are those of the reliability rules: an expression comes from many hands and must never
hold up the engine. Processor time is measured, not wall clock, so that a busy machine refuses nothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.feel.errors import FeelLimitError, Warning_, WarningCode
from engine.feel.values import Value, equal

MAX_SOURCE = 10_000
MAX_DEPTH = 100
MAX_WARNINGS = 100
OFFICE_ZONE = ZoneInfo("Asia/Shanghai")

_CHECK_EVERY = 256


@dataclass(frozen=True, slots=True)
class Limits:
    """Ceilings of one evaluation: loop and call steps, list items, characters, processor seconds, call depth."""

    steps: int = 100_000
    items: int = 10_000
    characters: int = 1_000_000
    seconds: float = 0.1
    calls: int = 100


DEFAULT_LIMITS = Limits()


class Run:
    """One evaluation under way: its clock, its surroundings, its budget and its warnings.

    `environment` is opaque here; functions given by the layer above read it (working-day calendar).
    """

    # Where an evaluation begins; most end without touching these, and are made more quickly for it.
    calls = 0
    place = 0
    """Where the built-in function under way was called, for the warnings that it makes beside its value."""
    _steps = 0
    _next_check = _CHECK_EVERY
    _deadline: float | None = None

    def __init__(
        self,
        now: datetime,
        zone: ZoneInfo = OFFICE_ZONE,
        environment: object = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self.now = now
        self.zone = zone
        self.environment = environment
        self.limits = limits
        self.warnings: list[Warning_] = []

    def warn(self, code: WarningCode, text_zh: str, text_en: str, position: int) -> None:
        """Remember why a value became null; beyond a hundred warnings the rest is dropped."""
        if len(self.warnings) < MAX_WARNINGS:
            self.warnings.append(Warning_(code, text_zh, text_en, position))

    def step(self, count: int = 1) -> None:
        """Account for `count` units of work; raises FeelLimitError when the budget is spent."""
        self._steps += count
        if self._steps >= self._next_check:
            self._check()

    def _check(self) -> None:
        self._next_check = self._steps + _CHECK_EVERY
        if self._steps > self.limits.steps:
            raise FeelLimitError(
                f"表达式计算步数超过上限（{self.limits.steps}）",
                f"the expression needs more than {self.limits.steps} steps",
            )
        spent = time.thread_time()
        if self._deadline is None:
            self._deadline = spent + self.limits.seconds
        elif spent > self._deadline:
            milliseconds = round(self.limits.seconds * 1000)
            raise FeelLimitError(
                f"表达式计算时间超过上限（{milliseconds} 毫秒）",
                f"the expression needs more than {milliseconds} ms",
            )

    def enter_call(self) -> None:
        """Begin a call of a user-defined function; raises FeelLimitError when calls nest too deeply."""
        self.step()
        self.calls += 1
        if self.calls > self.limits.calls:
            raise FeelLimitError(
                f"函数嵌套调用超过上限（{self.limits.calls} 层）",
                f"function calls nest deeper than {self.limits.calls}",
            )

    def leave_call(self) -> None:
        self.calls -= 1

    def weigh(self, value: Value) -> None:
        """Account for every part of a list or context, before something walks through all of it.

        Parts may be shared, so that a few lines denote billions of items.
        """
        if not isinstance(value, (list, dict)):
            return
        pending, characters = [value], 0
        while pending:
            part = pending.pop()
            self.step(len(part) + 1)
            for item in part if isinstance(part, list) else part.values():
                if isinstance(item, str):
                    characters += len(item)
                elif isinstance(item, list | dict):
                    pending.append(item)
            self.check_text(characters)

    def check_items(self, count: int) -> None:
        """Refuse a list of more than the allowed number of items."""
        if count > self.limits.items:
            raise FeelLimitError(
                f"列表元素个数超过上限（{self.limits.items}）",
                f"a list would have more than {self.limits.items} items",
            )

    def check_text(self, length: int) -> None:
        """Refuse a string of more than the allowed number of characters."""
        if length > self.limits.characters:
            raise FeelLimitError(
                f"文本长度超过上限（{self.limits.characters} 个字符）",
                f"a string would have more than {self.limits.characters} characters",
            )


def same(run: Run, left: Value, right: Value) -> bool | None:
    """FEEL equality within the budget of the evaluation."""
    if isinstance(left, list | dict) and isinstance(right, list | dict):
        run.weigh(left)
        run.weigh(right)
    return equal(left, right)
