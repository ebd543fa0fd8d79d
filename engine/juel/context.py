"""What JUEL finds without a variable of that name: functions and Camunda 7's context objects, as far as they are carried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from engine.errors import CallerError
from engine.feel import Run
from engine.json_text import parse_json
from engine.juel.errors import JuelError
from engine.juel.moments import now
from engine.juel.operations import shown

BUSINESS_KEY = "#businessKey"
INSTANCE_ID = "#processInstanceId"
ELEMENT_ID = "#elementId"
ELEMENT_NAME = "#elementName"
"""Names under which the engine hands over what is no variable; no variable of a case begins with `#`."""

MEMBERS: Mapping[str, str] = MappingProxyType(
    {
        "processBusinessKey": BUSINESS_KEY,
        "businessKey": BUSINESS_KEY,
        "processInstanceId": INSTANCE_ID,
        "currentActivityId": ELEMENT_ID,
        "currentActivityName": ELEMENT_NAME,
    }
)
"""Of `execution`: by property; `getProcessBusinessKey()` and so on mean the same."""
SCOPES = frozenset({"execution", "task"})
"""Objects that have variables: `execution.getVariable("x")`."""
OBJECTS = SCOPES | {"externalTask", "caseExecution", "authenticatedUserId"}


@dataclass(frozen=True, slots=True)
class Function:
    """A function of Camunda 7: what it does and what kind of value it gives (see `compile`)."""

    call: Callable[..., Any]
    arguments: int
    kind: str | None


def _json(_run: Run, value: Any) -> Any:
    """Spin's `S` and `JSON`: a JSON text read; what is a JSON value already stays."""
    if not isinstance(value, str):
        return value
    try:
        return parse_json(value.encode("utf-8", "surrogatepass"))
    except CallerError as refused:
        raise JuelError(f"{shown(value)} 不是 JSON：{refused.zh}", f"{shown(value)} is no JSON: {refused.en}") from None


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "now": Function(now, 0, "date"),
        "dateTime": Function(now, 0, "moment"),
        "S": Function(_json, 1, None),
        "JSON": Function(_json, 1, None),
    }
)
REFUSED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "currentUser": ("表达式中没有当前用户", "an expression knows no current user"),
        "currentUserGroups": ("表达式中没有当前用户", "an expression knows no current user"),
        "XML": ("不支持 XML 变量", "XML variables are not carried out"),
    }
)
