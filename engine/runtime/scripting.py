"""The script engine that SpiffWorkflow is given: it evaluates nothing.

Without one, SpiffWorkflow falls back to Python. Ours never asks a script engine for anything (expressions are compiled
FEEL), so whatever reaches this one is a mistake, and it says so instead of running text from a diagram.
"""

from __future__ import annotations

from typing import NoReturn


class NoScripts:
    """Fails closed on whatever SpiffWorkflow asks it to run."""

    environment = None

    def evaluate(self, task: object, expression: object, external_context: object = None) -> NoReturn:
        raise RuntimeError(f"no text from a model is evaluated: {expression!r}")

    def execute(self, task: object, script: object, external_context: object = None) -> NoReturn:
        raise RuntimeError(f"no text from a model is executed: {script!r}")

    def call_service(self, task: object, **kwargs: object) -> NoReturn:
        raise RuntimeError("services are jobs, never calls from a step")
