"""The token endpoint of OAuth 2: client credentials only (RFC 6749, 4.4), for programs that `yimen client add` made.

The client says who it is in the form or by Basic. `audience` is taken as Camunda's clients send it and repeated in the token.
Errors have the shape of RFC 6749, 5.2, and no other.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote_plus

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api import tokens
from api.access import address_of, read_basic
from api.door import authority_of, settings_of
from api.problems import Refusal
from api.tokens import Claims
from api.wire import write_json
from casework.errors import LockedOut, NotSignedIn
from casework.people import programs
from engine.clock import SystemClock

_FIELDS = 20
_FORM = "application/x-www-form-urlencoded"
_wall = SystemClock()

router = APIRouter(prefix="/oauth", tags=["camunda"], include_in_schema=False)


class _Refused(Exception):
    """What the client is told: `error` of RFC 6749, 5.2, and a sentence."""

    def __init__(self, status: int, error: str, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(error)
        self.status, self.error, self.sentence, self.headers = status, error, sentence, headers


@router.post("/token")
async def token(request: Request) -> Response:
    """A token for a program: a form with `grant_type=client_credentials`, `client_id`, `client_secret`, maybe `scope` and `audience`."""
    try:
        given = _form(request, await request.body())
        answer = await run_in_threadpool(_grant, request, given)
    except _Refused as refused:
        body = {"error": refused.error, "error_description": refused.sentence}
        return _reply(body, refused.status, refused.headers)
    return _reply(answer, 200, None)


def _grant(request: Request, given: Mapping[str, str]) -> dict[str, Any]:
    if given.get("grant_type") != "client_credentials":
        error = "unsupported_grant_type" if "grant_type" in given else "invalid_request"
        raise _Refused(400, error, "只支持 client_credentials。 Only client_credentials is supported.")
    name, secret = _client(request, given)
    authority = authority_of(request)
    try:
        program = programs.sign_in(authority, name, secret, address_of(request))
    except NotSignedIn as wrong:
        raise _wrong_client(f"{wrong.zh} {wrong.en}") from None
    except LockedOut as locked:
        retry = {"Retry-After": str(int(locked.wait.total_seconds()) + 1)}
        raise _Refused(429, "invalid_client", f"{locked.zh} {locked.en}", retry) from None
    asked = given.get("scope", "").split()
    if unknown := sorted(set(asked) - set(program.scopes)):
        raise _Refused(400, "invalid_scope", f"没有授权 Not granted: {' '.join(unknown)}")
    scopes = tuple(word for word in program.scopes if not asked or word in asked)
    issued = tokens.issue(
        authority.house.seal, Claims(program.name, scopes, program.region), issuer=settings_of(request).public_url,
        audience=given.get("audience", "")[:200], now=_wall.now(),
    )  # fmt: skip
    return {
        "access_token": issued, "token_type": "Bearer", "expires_in": int(tokens.LIFETIME.total_seconds()),
        "scope": " ".join(scopes),
    }  # fmt: skip


def _client(request: Request, given: Mapping[str, str]) -> tuple[str, str]:
    """(id, secret) from the form or the header; one way or the other, never both (RFC 6749, 2.3)."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme:
        if "client_secret" in given or scheme.lower() != "basic":
            raise _Refused(400, "invalid_request", "请只用一种方式说明身份。 Say who you are in one way only.")
        try:
            name, secret = read_basic(credentials.strip())
        except Refusal as unreadable:
            raise _wrong_client(f"{unreadable.zh} {unreadable.en}") from None
        return unquote_plus(name), unquote_plus(secret)
    if not given.get("client_id") or not given.get("client_secret"):
        raise _Refused(400, "invalid_request", "缺少 client_id 或 client_secret。 client_id and client_secret are needed.")
    return given["client_id"], given["client_secret"]


def _form(request: Request, body: bytes) -> dict[str, str]:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if media_type != _FORM:
            raise ValueError(media_type)
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=_FIELDS, errors="strict")
    except ValueError:
        raise _Refused(400, "invalid_request", f"请求须为表单 {_FORM}。 The request must be a form.") from None
    if any(len(values) > 1 for values in fields.values()):
        raise _Refused(400, "invalid_request", "参数重复。 A parameter stands twice.")
    return {name: values[0] for name, values in fields.items()}


def _wrong_client(sentence: str) -> _Refused:
    return _Refused(401, "invalid_client", sentence, {"WWW-Authenticate": 'Basic realm="Yimen", charset="UTF-8"'})


def _reply(body: Mapping[str, Any], status: int, headers: Mapping[str, str] | None) -> Response:
    kept = {"Cache-Control": "no-store", "Pragma": "no-cache", **(headers or {})}
    return Response(write_json(body), status, kept, "application/json")
