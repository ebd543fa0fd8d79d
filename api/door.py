"""The door of one route: who is asking, what she sends, and the transaction in which it is done.

`acting` opens the act, keeps the answer under the caller's key, commits and shapes the reply, so that a route is the one call
that it makes. `reading` does the same for what changes nothing. The gate itself stands in `casework`, behind this door.
"""

import hashlib
import inspect
import re
from collections.abc import Callable, Coroutine, Mapping
from typing import Annotated, Any, Concatenate, ParamSpec, cast, overload

from fastapi import Header, Query, Request, Response
from fastapi.params import Form
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from api.bounds import KEY_CHARACTERS
from api.guard import SESSION_COOKIE
from api.problems import as_refusal, refuse
from api.settings import Settings
from api.wire import read_json, write_json
from casework import answers
from casework.act import Act, Actor
from casework.authority import Authority
from casework.people import organisation, signin
from engine.errors import CallerError
from engine.model import Json

P = ParamSpec("P")
Route = Callable[Concatenate[Act, P], Any]
Then = Callable[[Act, Any], Any]
Endpoint = Callable[..., Response]
Where = Callable[[Authority, Mapping[str, Any]], str]

_JSON = re.compile(r"application/json(?:\s*;\s*charset=\"?utf-8\"?)?\s*", re.IGNORECASE)
_MULTIPART = re.compile(r"multipart/form-data\s*;.*", re.IGNORECASE)
_KEY = re.compile(rf"[\x21-\x7e]{{1,{KEY_CHARACTERS}}}")

_NAMED = inspect.Parameter.KEYWORD_ONLY

Region = Annotated[
    str | None,
    Query(pattern=r"^[A-Z0-9]{1,16}$", description="For administrators and auditors: the region to look at."),
]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="Names this request; a repeat with the same key within 24 hours has no second effect and gets the first answer.",
    ),
]


class Door(APIRoute):
    """A route that reads JSON by our bounds and takes no other media type than its own."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()
        uploads = any(isinstance(parameter.field_info, Form) for parameter in self.dependant.body_params)

        async def enter(request: Request) -> Response:
            await self.admit(request)
            _check_media_type(request, uploads=uploads)
            return await answer(_Request(request.scope, request.receive))

        return enter

    async def admit(self, request: Request) -> None:
        """Refuse before the body is read; an open door admits everybody."""


class SignedDoor(Door):
    """A route for those who are signed in; others get 401 before a byte of their body is looked at."""

    async def admit(self, request: Request) -> None:
        request.state.actor = await run_in_threadpool(actor_of, request)


class _Request(Request):
    async def json(self) -> Json:
        try:
            return read_json(await self.body())
        except CallerError as error:
            raise as_refusal(error) from None  # FastAPI would answer any other exception with a sentence of its own


def authority_of(request: Request) -> Authority:
    """The one door of casework in this process."""
    return cast(Authority, request.app.state.authority)


def settings_of(request: Request) -> Settings:
    """The choices of this installation."""
    return cast(Settings, request.app.state.settings)


def actor_of(request: Request) -> Actor:
    """Who is signed in; raises 401 where nobody is, or the session is over."""
    token = request.cookies.get(SESSION_COOKIE)
    actor = signin.session(authority_of(request), token) if token else None
    if actor is None:
        raise refuse("not_signed_in", "请先登录。", "Sign in first.")
    return actor


def administrator_of(request: Request) -> Actor:
    """The administrator who asks; 401 where nobody is signed in, 403 for anybody else."""
    actor = actor_of(request)
    with authority_of(request).read(actor) as act:
        if not organisation.is_administrator(act):
            raise refuse("refused", "只有管理员可以这样做。", "Only an administrator may do this.")
    return actor


def is_signed_in(request: Request) -> bool:
    """Whether the session is still good; looking does not keep it from running out."""
    token = request.cookies.get(SESSION_COOKIE, "")
    return signin.session(authority_of(request), token, touch=False) is not None


@overload
def reading(route: Route[P], /) -> Endpoint: ...
@overload
def reading(*, in_region: bool) -> Callable[[Route[P]], Endpoint]: ...
def reading(route: Route[P] | None = None, *, in_region: bool = False) -> Any:
    """Open a read for the person who asks; the answer is what `route` returns, as JSON (or its own Response).

    `in_region` lets an administrator or auditor of the installation name the region (`?region=`) to look at.
    """

    def decorate(route: Route[P]) -> Endpoint:
        def read(*, request: Request, region: Region = None, **given: Any) -> Response:
            with authority_of(request).read(request.state.actor, region=region) as act:
                return _reply(route(act, **given))  # type: ignore[call-arg]  # FastAPI gives what the signature below asks

        return _as_endpoint(read, route, {"region": Region} if in_region else {})

    return decorate if route is None else decorate(route)


@overload
def acting(route: Route[P], /) -> Endpoint: ...
@overload
def acting(
    *, status: int | None = None, then: Then | None = None, region: Where | None = None
) -> Callable[[Route[P]], Endpoint]: ...
def acting(
    route: Route[P] | None = None, *, status: int | None = None, then: Then | None = None, region: Where | None = None
) -> Any:
    """Open the act of the person who asks, and answer with what `route` returns; an error leaves nothing behind.

    With an `Idempotency-Key` the answer is kept in the same transaction and given again to a repeat. `then` adds what can be
    known after the commit only (which tasks came next): it gets a new read and the answer, kept or new, and returns the reply.
    `region` finds the region in which the act is opened, where that is not the person's own (an administrator's retry).
    """

    def decorate(route: Route[P]) -> Endpoint:
        def act_once(*, request: Request, idempotency_key: Key = None, **given: Any) -> Response:
            where = region(authority_of(request), given) if region else None
            kept = _perform(request, idempotency_key, where, lambda act: route(act, **given))  # type: ignore[call-arg]
            if then is None:
                return _reply(kept, status)
            with authority_of(request).read(request.state.actor, region=where) as act:
                return _reply(then(act, kept), status)

        return _as_endpoint(act_once, route, {"idempotency_key": Key})

    return decorate if route is None else decorate(route)


class _Repeated(Exception):
    """Leaves the act without a trace: this request was answered before."""

    def __init__(self, body: bytes) -> None:
        self.body = body


def _perform(request: Request, key: str | None, region: str | None, route: Callable[[Act], Any]) -> Any:
    if key is not None and not _KEY.fullmatch(key):
        raise refuse(
            "invalid",
            f"请求编号须为 1 至 {KEY_CHARACTERS} 个可见 ASCII 字符。",
            f"An Idempotency-Key has 1 to {KEY_CHARACTERS} visible ASCII characters.",
        )
    try:
        with authority_of(request).act(request.state.actor, region=region) as act:
            earlier = answers.begin(act, key, _digest(request)) if key else None
            if earlier is not None:
                raise _Repeated(earlier.body or b"null")
            body = route(act)
            if key:
                answers.keep(act, key, status=200, body=write_json(body))
            return body
    except _Repeated as repeated:
        return read_json(repeated.body)


def _digest(request: Request) -> str:
    """What stands for the request: method, address and, where it is JSON, its bytes."""
    digest = hashlib.sha256(f"{request.method} {request.url.path}\0".encode())
    if (body := request.scope["yimen.digest"]) is not None:
        digest.update(body.digest())
    return digest.hexdigest()


def _reply(body: Any, status: int | None = None) -> Response:
    if isinstance(body, Response):
        return body
    if body is None:
        return Response(status_code=204)
    return Response(write_json(body), status or 200, media_type="application/json")


def _as_endpoint(endpoint: Endpoint, route: Route[P], further: Mapping[str, Any]) -> Endpoint:
    """Give `endpoint` the name, words and parameters of `route`, the act replaced by the request, and `further` ones."""
    signature = inspect.signature(route, eval_str=True)
    own = [parameter.replace(kind=_NAMED) for parameter in list(signature.parameters.values())[1:]]
    request = inspect.Parameter("request", _NAMED, annotation=Request)
    added = [inspect.Parameter(name, _NAMED, annotation=kind, default=None) for name, kind in further.items()]
    endpoint.__name__, endpoint.__doc__, endpoint.__module__ = route.__name__, route.__doc__, route.__module__
    endpoint.__signature__ = signature.replace(parameters=[request, *own, *added])  # type: ignore[attr-defined]
    return endpoint


def _check_media_type(request: Request, *, uploads: bool) -> None:
    given = request.headers.get("content-type")
    if given is None:
        if request.headers.get("content-length", "0") == "0" and "transfer-encoding" not in request.headers:
            return
        given = ""
    if not (_MULTIPART if uploads else _JSON).fullmatch(given):
        wanted = "multipart/form-data" if uploads else "application/json"
        raise refuse("media_type", f"内容须为 {wanted}。", f"The content must be {wanted}.")
