"""What the routes of /v2 share: who calls and where, answers, and refusals as Camunda 8's REST API tells them.

A refusal is problem+json (RFC 9457) with its five members. Its status is one that the API documents for the operation: each
route says with `documents` which it has besides 400. Texts are English, then Chinese.
"""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api import access, problems
from api.access import AccessDoor, Scope
from api.door import authority_of
from api.problems import MEDIA_TYPE, ProblemBody, Refusal
from api.wire import write_json
from casework import outside
from casework.act import Act
from casework.desk import search
from casework.errors import Invalid, LockedOut, Overtaken, Refused
from casework.model.record import EVERYWHERE
from engine import errors as engine_errors
from engine.errors import (
    Busy,
    CallerError,
    Closed,
    DeploymentRefused,
    InvalidInput,
    LimitReached,
    ModelError,
    Problem,
    Suspended,
    Unknown,
)
from engine.search import AnyOf, Query

PREFIX = "/v2"
_DOCUMENTED = "documented_statuses"
_TITLES = {
    400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED",
    409: "INVALID_STATE", 413: "INVALID_ARGUMENT", 415: "UNSUPPORTED_MEDIA_TYPE", 429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL_ERROR", 503: "RESOURCE_EXHAUSTED", 504: "DEADLINE_EXCEEDED",
}  # fmt: skip
# What is wrong with the request is 400 here, whatever more there is to say about it.
_AS_BAD_REQUEST = frozenset({HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.REQUEST_ENTITY_TOO_LARGE})

E = TypeVar("E", bound=Callable[..., Any])


class TimeIsOver(CallerError):
    """What was awaited did not come in time."""

    code = "time_is_over"


class WrongState(CallerError):
    """The thing is not in a state in which this can be done."""

    code = "wrong_state"


class WrongType(CallerError):
    """The content is of a type that is not taken."""

    code = "wrong_type"


def documents(*statuses: int) -> Callable[[E], E]:
    """Say which statuses the published API documents for an operation besides its success, 400, 401, 403 and 500."""

    def mark(endpoint: E) -> E:
        setattr(endpoint, _DOCUMENTED, frozenset(statuses))
        return endpoint

    return mark


class CamundaDoor(AccessDoor):
    """A route of /v2."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()
        documented: frozenset[int] = getattr(self.endpoint, _DOCUMENTED, frozenset())

        async def enter(request: Request) -> Response:
            try:
                return await answer(request)
            except (CallerError, LimitReached, ModelError, RequestValidationError, HTTPException) as error:
                return _refusal(request, error, documented)

        return enter


class OpenDoor(CamundaDoor):
    """A route that asks for itself who calls, where it has to know."""

    async def admit(self, request: Request) -> None:
        """Everybody comes in."""


def router_of(noun: str, *, asks: bool = True) -> APIRouter:
    """A router for the addresses of one noun; the operations are described by Camunda's own specification, not by ours."""
    door = CamundaDoor if asks else OpenDoor
    return APIRouter(prefix=f"{PREFIX}{noun}", tags=["camunda 8"], route_class=door, include_in_schema=False)


def reply(body: Any, status: int = 200) -> Response:
    """JSON."""
    return Response(write_json(body), status, media_type="application/json")


def nothing() -> Response:
    """204."""
    return Response(status_code=204)


def key(number: int | str | None) -> str | None:
    """An id as this API writes it."""
    return None if number is None else str(number)


# ---- who looks where


@contextmanager
def reading(request: Request, scope: Scope = Scope.READ) -> Iterator[Act]:
    """A look at everything that the caller reaches: one region, or all."""
    with access.open_read(request, scope, region=access.caller(request).reach) as act:
        yield act


def everywhere(act: Act) -> bool:
    """Whether a look goes over all regions."""
    return act.region == EVERYWHERE


def see(act: Act, instance_id: int | None, what: str) -> None:
    """Let a person of a district look into an instance whose case she may see; programs and administrators look anywhere."""
    if not outside.is_officer(act):
        return
    if instance_id is None:
        raise Refused(
            "scope",
            "请在条件中指明流程实例。",
            "Name the process instance (processInstanceKey) whose case you may see.",
        )
    outside.seen(act, instance_id, what)


def no_data(act: Act, query: Query) -> None:
    """Keep an officer from searching by what variables hold: that would tell what forms keep from her."""
    for each in query.conditions if outside.is_officer(act) else ():
        fields = [one.field for group in each.groups for one in group] if isinstance(each, AnyOf) else [each.field]
        if any(field.startswith(("variable:", "local:")) for field in fields):
            raise InvalidInput("不能按变量查找。", "filter: programs and administrators search by variables, officers do not.")


def tenant(request: Request, named: str | None) -> str:
    """The region that a request names as tenant; a tenant that there is not is a mistake in the request."""
    try:
        return access.region_of(request, named)
    except Unknown as unknown:
        raise InvalidInput(unknown.zh, unknown.en) from None


def region_at(request: Request, what: str, thing_id: int) -> str:
    """The region in which a thing lies that is known by its key. Unknown where the caller reaches none."""
    who = access.caller(request)
    if who.reach != EVERYWHERE:
        return who.reach
    with authority_of(request).system_read() as act:
        return search.region_of(act, what, thing_id)


# ---- refusals


def write(body: ProblemBody, error: Exception | None, path: str) -> Response:
    """The answer to a request that was refused before or beside a route of /v2."""
    status = body["status"] if body["status"] not in _AS_BAD_REQUEST else 400
    headers = {}
    if isinstance(error, LockedOut):
        headers["Retry-After"] = str(int(error.wait.total_seconds()) + 1)
    return _answer(int(status), f"{body['detailEn']} / {body['detail']}", path, headers)


problems.write_for(PREFIX, write)


def _answer(status: int, detail: str, path: str, headers: dict[str, str] | None = None) -> Response:
    told = {
        "type": "about:blank",
        "title": _TITLES.get(status, HTTPStatus(status).phrase),
        "status": status,
        "detail": detail,
        "instance": path,
    }
    return Response(write_json(told), status, headers, MEDIA_TYPE)


def _refusal(request: Request, error: Exception, documented: frozenset[int]) -> Response:
    status = _status(error)
    if status not in documented and status in (404, 409, 415):
        status = 400
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    if isinstance(error, LockedOut):
        headers["Retry-After"] = str(int(error.wait.total_seconds()) + 1)
    return _answer(status, _detail(error), request.url.path, headers)


def _status(error: Exception) -> int:
    match error:
        case HTTPException():
            return 400 if error.status_code in _AS_BAD_REQUEST else error.status_code
        case Refused():
            return 409 if error.ground == "state" else 403
        case LockedOut():
            return 429
        case TimeIsOver():
            return 504
        case WrongState() | Suspended() | Overtaken() | engine_errors.Overtaken():
            return 409
        case WrongType():
            return 415
        case Unknown() | Closed():
            return 404
        case Busy():
            return 503
    return 400


def _detail(error: Exception) -> str:
    match error:
        case RequestValidationError():
            said = [
                f"{'.'.join(str(part)[:100] for part in each['loc'][1:]) or 'body'}: {each['msg']}"
                for each in error.errors()[:20]
            ]
            return "; ".join(said) or "The request is not as documented."
        case DeploymentRefused():
            return "\n".join([f"{error.en} / {error.zh.splitlines()[0]}", *(_line(each) for each in error.problems)])
        case Invalid():
            faults = "; ".join(
                f"{'.'.join(map(str, each.path)) or each.id}: {each.en} / {each.zh}" for each in error.fields
            )
            return f"{error.en} / {error.zh} {faults}"
        case Refusal() | CallerError() | LimitReached() | ModelError():
            return f"{error.en} / {error.zh}"
        case HTTPException():
            return str(error.detail)
    return str(error)


def _line(problem: Problem) -> str:
    place = [problem.file, f"line {problem.line}" if problem.line else "", problem.element_id or ""]
    return " | ".join([*(each for each in place if each), f"{problem.en} / {problem.zh} ({problem.rule})"])
