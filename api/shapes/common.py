"""What many answers hold."""

from typing import Any, Generic, TypeVar

from typing_extensions import TypedDict

from engine.model import Json

Row = TypeVar("Row")
Data = dict[str, Any]
"""Values of a form by key, as typed and stored: keys are the form's own."""


class Page(TypedDict, Generic[Row]):
    """Some rows of a list; `next` asks for those that follow (`after=`), null at the end."""

    rows: list[Row]
    next: str | None


class Due(TypedDict):
    """What is left of a time limit, as a person counts it; `state` green, amber, red or suspended."""

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


def data(values: Any) -> Data:
    """A mapping of variables as a plain dictionary for the wire."""
    return {str(key): value for key, value in values.items()}


__all__ = ["Data", "Due", "FormVersion", "Json", "NextTask", "Page", "data"]
