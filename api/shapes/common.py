"""What many answers hold."""

from typing import Any, Generic, TypeVar

from typing_extensions import TypedDict

from casework.law.badges import Badge
from engine import model as engine
from engine import xml
from engine.model import Json

__all__ = ["Data", "Due", "FormVersion", "Json", "NextTask", "Page", "data", "due", "form_version", "text_of"]

Row = TypeVar("Row")
Data = dict[str, Any]
"""Values of a form by key, as typed and stored: keys are the form's own."""


class Page(TypedDict, Generic[Row]):
    """Some rows of a list; `next` asks for those that follow (`after=`), null at the end."""

    rows: list[Row]
    next: str | None


class Due(TypedDict):
    """What is left of a time limit, as a person counts it: `kind` hours, days, workdays or none; `left` is negative when
    overdue; `state` green, amber, red or suspended.
    """

    kind: str
    left: int | None
    state: str | None
    provisional: bool


class FormVersion(TypedDict):
    """A deployed form; `schema` is the Camunda Forms JSON as uploaded."""

    id: str
    version: int
    schema: dict[str, Any]


class NextTask(TypedDict):
    """A task that this person may take up now."""

    id: str
    title: str
    titleEn: str


def due(badge: Badge) -> Due:
    """A badge."""
    counts = badge.kind != "none"
    return {
        "kind": badge.kind,
        "left": badge.left if counts else None,
        "state": badge.colour.value if counts else None,
        "provisional": badge.provisional,
    }


def form_version(form: engine.FormVersion | None) -> FormVersion | None:
    """A deployed form; None where there is none."""
    return {"id": form.form_id, "version": form.version, "schema": dict(form.schema)} if form else None


def data(values: Any) -> Data:
    """A mapping of variables as a plain dictionary for the wire."""
    return {str(key): value for key, value in values.items()}


def text_of(content: bytes) -> str:
    """A deployed diagram as text, in whatever encoding it was uploaded."""
    return xml.text_of(content)
