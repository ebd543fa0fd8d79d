"""Faults that are put into the engine on purpose, one at a time: a check that finds nothing wrong must be able to.

Each is a function that patches one function of the engine, with a fault that somebody could make; the walks have to find it
(reliability page, section 3, a4).
"""

from collections.abc import Callable

import pytest

from tests.random.faults import events, flows, loops, several, starts, storage, undoing

Fault = Callable[[pytest.MonkeyPatch], None]

FAULTS: tuple[Fault, ...] = (
    *flows.FAULTS, *events.FAULTS, *loops.FAULTS, *storage.FAULTS, *several.FAULTS, *undoing.FAULTS, *starts.FAULTS,
)  # fmt: skip

__all__ = ["FAULTS", "Fault"]
