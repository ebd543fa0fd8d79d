"""What every record of casework is, and the two values that stand for never and for everywhere."""

from __future__ import annotations

from datetime import UTC, datetime

#: A moment that never comes: a clock that does not run, a task without a date (`decisions` 35).
PARKED = datetime(9999, 12, 31, tzinfo=UTC)

#: The region of what belongs to the installation as a whole: its administrators, deployments.
EVERYWHERE = "*"


class Record:
    """A row: frozen, keyed by region and id."""

    __slots__ = ()
    region: str
    id: int
