"""What casework answers instead of acting; all under the engine's tree (`engine.errors`), all the caller's side.

    CallerError
    ├── Unknown      (the engine's) no such thing, or not for this person: the answer is the same
    ├── Closed       (the engine's) the thing's time is over
    ├── Refused      she may see it, but may not do this: ground and clause; recorded
    ├── Overtaken    another was first: who and when
    ├── Invalid      a form or request with faults, field by field; nothing is saved
    ├── NotSignedIn  name and password do not fit, or the session is over
    └── LockedOut    too many failures; says how long

`MissingRecord` is ours alone: a function that changed rows and recorded nothing. It must never reach a user.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.errors import CallerError, Closed, Unknown, YimenError

__all__ = [
    "Closed", "FieldFault", "Invalid", "LockedOut", "MissingRecord", "NotSignedIn", "Overtaken", "Refused", "Unknown",
]  # fmt: skip


class Refused(CallerError):
    """Inside the audience but barred: `ground` is a stable word, `clause` the rule ids that say so ("" when it is ours)."""

    code = "refused"

    def __init__(self, ground: str, zh: str, en: str, *, clause: str = "", subject: str = "") -> None:
        super().__init__(zh, en)
        self.ground = ground
        self.clause = clause
        self.subject = subject


class Overtaken(CallerError):
    """Of two who raced this one came second; `who` is the name of the first, None where it was no person."""

    code = "overtaken"

    def __init__(self, zh: str, en: str, *, who: str | None = None, at: datetime | None = None) -> None:
        super().__init__(zh, en)
        self.who = who
        self.at = at


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One fault of one field. `id` is the component's id in the form, `path` the key path with list positions."""

    id: str
    path: tuple[str | int, ...]
    zh: str
    en: str


class Invalid(CallerError):
    """A form or request whose fields have faults."""

    code = "invalid"

    def __init__(self, fields: Iterable[FieldFault], zh: str = "", en: str = "") -> None:
        self.fields = tuple(fields)
        count = len(self.fields)
        super().__init__(
            zh or f"有 {count} 处需要改正。", en or f"{count} field{'s need' if count != 1 else ' needs'} correcting."
        )


class NotSignedIn(CallerError):
    """The same sentence and the same time for an unknown account, a wrong password and a disabled account."""

    code = "not_signed_in"


class LockedOut(CallerError):
    """Too many failed sign-ins of this account or from this address; `wait` is how long no try is looked at."""

    code = "locked_out"

    def __init__(self, zh: str, en: str, *, wait: timedelta) -> None:
        super().__init__(zh, en)
        self.wait = wait


class MissingRecord(YimenError):
    """A program fault: rows were changed and no audit entry was written, so nothing is committed."""
