"""Variables, for programs and administrators; an officer reads those of her tasks, through their forms."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response

from api.camunda8 import shapes
from api.camunda8.bodies import SearchBody
from api.camunda8.door import documents, everywhere, reading, reply, router_of
from api.camunda8.fields import Field, Table, answer, flag, read_json_text, read_text, text
from api.camunda8.fields import key as key_field
from casework import outside
from casework.act import Act
from casework.errors import Refused
from engine.errors import Unknown
from engine.search import FoundVariable
from engine.work.searches import by_id

router = router_of("/variables")
Truncate = Annotated[bool, Query(alias="truncateValues")]


def read_value(value: Any) -> str:
    """A value as JSON text, spelled as we spell it."""
    return shapes.json_text(read_json_text(value))


FURTHER: dict[str, Callable[[FoundVariable], Any]] = {
    "text": lambda each: shapes.json_text(each.value),
    "is_truncated": lambda each: len(shapes.json_text(each.value)) > shapes.TRUNCATED_AT,
}
"""What variables are asked by that the engine does not know: their value as text."""

VARIABLES = Table(
    {
        "name": text("name"), "value": Field("text", read_value), "variableKey": Field("id", read_text),
        "scopeKey": key_field("scope_id"), "processInstanceKey": key_field("instance_id"), "tenantId": text("region", ask=False),
        "isTruncated": flag("is_truncated", sort=False),
    }
)  # fmt: skip


@router.post("/search")
def search(request: Request, body: SearchBody | None = None, truncate: Truncate = True) -> Response:
    """Variables as they are now, of running and ended instances."""
    query = VARIABLES.query(request, body)
    with reading(request) as act:
        _not_of_officers(act)
        found = act.work.search_variables(query, everywhere=everywhere(act), further=FURTHER)
    return reply(answer(found, lambda each: shapes.cut(shapes.variable(request, each), truncate=truncate)))


@router.get("/{variable_key}")
@documents(404)
def get(request: Request, variable_key: Annotated[str, Path(pattern=r"^-?[0-9]{1,25}$")]) -> Response:
    """One variable with all of its value."""
    with reading(request) as act:
        _not_of_officers(act)
        found = act.work.search_variables(by_id(variable_key), everywhere=everywhere(act)).items
    if not found:
        raise Unknown(f"没有变量 {variable_key}。", f"There is no variable {variable_key}.")
    return reply(shapes.variable(request, found[0]))


def _not_of_officers(act: Act) -> None:
    if outside.is_officer(act):
        raise Refused(
            "scope", "工作人员只能通过任务的表单查看数据。", "Officers read data through the forms of their tasks."
        )
