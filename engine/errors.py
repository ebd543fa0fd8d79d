"""The error tree: whose mistake it is decides what happens.

    YimenError
    ├── CallerError              raised to the caller, nothing is saved
    │   ├── Unknown              no such thing (or not for you: the answer is the same)
    │   ├── Closed               the thing exists but its time is over (ended instance, closed task)
    │   ├── Overtaken            somebody else was first
    │   ├── Busy                 nothing is wrong, but it is not one's turn yet; the same again in a moment
    │   ├── InvalidInput         a value, name or command that cannot be meant
    │   └── DeploymentRefused    files with problems; carries every problem of every file
    ├── LimitReached             a bound of reliability section 5
    └── ModelError               the model's or the data's mistake; becomes an incident at the element, never raised to a caller

The business's mistake is neither: it is a BPMN error (`BpmnError` in `engine.model`), a path in the diagram.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a resource is not deployed, at one place.

    `rule` is the id of the check (`docs/rules/<rule>.md`); `line` counts from 1 in the uploaded file; `element_id`
    is None when the problem is the file's as a whole.
    """

    rule: str
    zh: str
    en: str
    file: str = ""
    element_id: str | None = None
    element_name: str | None = None
    line: int | None = None
    severity: str = "error"

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.file, self.line) if part)
        element = (
            f" [{self.element_id}{f' {self.element_name}' if self.element_name else ''}]" if self.element_id else ""
        )
        return f"{where}{element} {self.zh} / {self.en} ({self.rule})".strip()


class YimenError(Exception):
    """Root of every error that this product raises on purpose."""


class CallerError(YimenError):
    """The caller asked for something that cannot be done; nothing was saved.

    `zh` and `en` are sentences for a person; `code` is stable for programs.
    """

    code = "caller_error"

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en


class Unknown(CallerError):
    """There is no such thing, or the asker may not know of it."""

    code = "unknown"


class Closed(CallerError):
    """The thing exists, but it is completed, cancelled or ended; a repeat has no effect."""

    code = "closed"


class Suspended(CallerError):
    """The instance rests; the same command succeeds after it was resumed."""

    code = "suspended"


class Overtaken(CallerError):
    """Two commands raced and this one came second."""

    code = "overtaken"


class Busy(CallerError):
    """The command did not get its turn in time; nothing was done, and the same again in a moment may succeed."""

    code = "busy"


class InvalidInput(CallerError):
    """A value or command that cannot be meant; says which and what is expected."""

    code = "invalid"


class DeploymentRefused(CallerError):
    """Some file of a deployment has problems; nothing of the deployment was kept."""

    code = "deployment_refused"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        super().__init__(
            f"部署被拒绝:{count} 个问题。" + "".join(f"\n{problem.zh}" for problem in self.problems[:1]),
            f"Deployment refused: {count} problem{'s' if count != 1 else ''}.",
        )


class LimitReached(YimenError):
    """A bound of `engine.limits` was reached; says which bound and its value."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en


class ModelError(YimenError):
    """A mistake of the model or its data at run time; becomes an incident of `kind` at the element.

    Kinds follow Camunda 8's incident types: `CONDITION_ERROR`, `EXTRACT_VALUE_ERROR`, `IO_MAPPING_ERROR`,
    `JOB_NO_RETRIES`, `UNHANDLED_ERROR_EVENT`, `CALLED_ELEMENT_ERROR`, `CALLED_DECISION_ERROR`,
    `DECISION_EVALUATION_ERROR`, `FORM_NOT_FOUND`, `MESSAGE_SIZE_EXCEEDED`, `STEP_LIMIT`, `UNKNOWN`.
    """

    def __init__(self, kind: str, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.kind = kind
        self.zh = zh
        self.en = en
