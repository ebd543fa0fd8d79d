"""Every refusal of every door has one shape: problem+json (RFC 9457), Chinese first, English complete.

`code` is for programs, `title` and `detail` are for people, `saved` says whether anything of the request was kept. Nothing
here decides; an error already knows whose mistake it is (`engine.errors`), and this module only finds its status.
"""

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any, NotRequired

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from typing_extensions import TypedDict

from api.wire import TooLarge, moment, write_json
from casework.errors import Invalid, LockedOut, Overtaken, Refused
from engine import errors as engine_errors
from engine.errors import (
    CallerError,
    Closed,
    DeploymentRefused,
    InvalidInput,
    LimitReached,
    Problem,
    Suspended,
    Unknown,
)

MEDIA_TYPE = "application/problem+json"


class FieldProblem(TypedDict):
    """What is wrong with one field of a form or body; `path` leads to it, such as `members.0.income`."""

    id: str
    path: str
    message: str
    messageEn: str


class FileProblem(TypedDict):
    """One reason why a file is not deployed, at its element."""

    rule: str
    zh: str
    en: str
    file: str
    elementId: str | None
    elementName: str | None
    line: int | None
    severity: str


class ProblemBody(TypedDict):
    """The body of every answer from 400 upwards."""

    type: str
    title: str
    titleEn: str
    status: int
    detail: str
    detailEn: str
    code: str
    saved: bool
    who: NotRequired[str | None]
    at: NotRequired[str | None]
    ground: NotRequired[str | None]
    clause: NotRequired[str | None]
    fields: NotRequired[list[FieldProblem]]
    problems: NotRequired[list[FileProblem]]
    files: NotRequired[list[dict[str, str]]]
    reference: NotRequired[str]


class Refusal(HTTPException):
    """A refusal of the door itself (sign-in, origin, size, media type), before any room was entered."""

    def __init__(
        self, status: HTTPStatus, code: str, zh: str, en: str, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, detail=en, headers=headers)
        self.code = code
        self.zh = zh
        self.en = en


class DrawnRefusal(DeploymentRefused):
    """A refused deployment with its diagrams, {name, xml} each."""

    def __init__(self, problems: Iterable[Problem], files: list[dict[str, str]]) -> None:
        super().__init__(problems)
        self.files = files


TITLES: dict[str, tuple[HTTPStatus, str, str]] = {
    "not_signed_in": (HTTPStatus.UNAUTHORIZED, "请先登录", "Sign in first"),
    "wrong_credentials": (HTTPStatus.UNAUTHORIZED, "登录名或密码不对", "Wrong login or password"),
    "locked_out": (HTTPStatus.TOO_MANY_REQUESTS, "尝试次数过多", "Too many attempts"),
    "refused": (HTTPStatus.FORBIDDEN, "不能办理", "Not allowed"),
    "foreign_origin": (HTTPStatus.FORBIDDEN, "请求来自其他网站", "The request comes from another site"),
    "csrf": (HTTPStatus.FORBIDDEN, "页面已过期", "The page is out of date"),
    "unknown": (HTTPStatus.NOT_FOUND, "没有找到", "Not found"),
    "method": (HTTPStatus.METHOD_NOT_ALLOWED, "不支持此操作", "Not supported"),
    "closed": (HTTPStatus.CONFLICT, "已经办结", "Already closed"),
    "suspended": (HTTPStatus.CONFLICT, "流程已中止", "Suspended"),
    "overtaken": (HTTPStatus.CONFLICT, "已被他人办理", "Somebody else was first"),
    "too_large": (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "内容过大", "Too large"),
    "media_type": (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "内容格式不支持", "Unsupported format"),
    "invalid": (HTTPStatus.UNPROCESSABLE_ENTITY, "填写有误", "Not valid"),
    "key_reused": (HTTPStatus.UNPROCESSABLE_ENTITY, "重复的请求编号", "Request key used twice"),
    "deployment_refused": (HTTPStatus.UNPROCESSABLE_ENTITY, "部署被拒绝", "Deployment refused"),
    "limit": (HTTPStatus.UNPROCESSABLE_ENTITY, "超过系统上限", "A limit was reached"),
    "busy": (HTTPStatus.SERVICE_UNAVAILABLE, "系统正忙", "The system is busy"),
    "failed": (HTTPStatus.INTERNAL_SERVER_ERROR, "系统出错", "Something went wrong here"),
}
"""code -> status and title; a code that is not here is the caller's mistake in a way of its own and answered as `invalid`."""

_BY_CLASS: tuple[tuple[type[Exception], str], ...] = (
    (TooLarge, "too_large"),
    (Unknown, "unknown"),
    (Closed, "closed"),
    (Suspended, "suspended"),
    (Overtaken, "overtaken"),
    (engine_errors.Overtaken, "overtaken"),
    (engine_errors.Busy, "busy"),
    (DeploymentRefused, "deployment_refused"),
    (InvalidInput, "invalid"),
)


Writer = Callable[[ProblemBody, Exception | None, str], Response]
"""Tells a refusal in a door's own form: our body, the error behind it (None: ours to mend), the address asked for."""

_writers: dict[str, Writer] = {}


def write_for(prefix: str, writer: Writer) -> None:
    """Let every refusal under the addresses that begin with `prefix` (no slash at its end) be told by `writer`."""
    _writers[prefix] = writer


def tell(path: str, body: ProblemBody, error: Exception | None = None, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to a refused request in the form that belongs to its address; ours where nobody says otherwise."""
    writer = next((own for prefix, own in _writers.items() if path == prefix or path.startswith(f"{prefix}/")), None)
    if writer is None:
        return answer(body, headers)
    response = writer(body, error, path)
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def refuse(code: str, zh: str, en: str, *, headers: Mapping[str, str] | None = None) -> Refusal:
    """A refusal of the door with the status that belongs to `code`."""
    return Refusal(TITLES[code][0], code, zh, en, headers=headers)


def as_refusal(error: CallerError) -> Refusal:
    """An error of reading the body, as a refusal of the door."""
    code = _code(error)
    return Refusal(TITLES[code][0], code, error.zh, error.en)


def problem_of(error: CallerError | LimitReached | Refusal) -> ProblemBody:
    """The body that tells `error` to the caller."""
    if isinstance(error, LimitReached):
        return _body("limit", error.zh, error.en)
    if isinstance(error, Refusal):
        return _body(error.code, error.zh, error.en)
    body = _body(_code(error), error.zh, error.en)
    match error:
        case DeploymentRefused():
            body["problems"] = file_problems(error.problems)
            body["files"] = error.files if isinstance(error, DrawnRefusal) else []
        case Refused():
            body["ground"], body["clause"] = error.ground, error.clause or None
        case Overtaken():
            body["who"], body["at"] = error.who, moment(error.at)
        case Invalid():
            body["fields"] = [
                {"id": fault.id, "path": ".".join(map(str, fault.path)), "message": fault.zh, "messageEn": fault.en}
                for fault in error.fields
            ]
    return body


def file_problems(problems: Iterable[Problem]) -> list[FileProblem]:
    """The problems of a deployment, one entry per place."""
    return [
        {
            "rule": problem.rule,
            "zh": problem.zh,
            "en": problem.en,
            "file": problem.file,
            "elementId": problem.element_id,
            "elementName": problem.element_name,
            "line": problem.line,
            "severity": problem.severity,
        }
        for problem in problems
    ]


def answer(body: ProblemBody, headers: Mapping[str, str] | None = None) -> Response:
    """`body` as an HTTP answer."""
    return Response(write_json(body), body["status"], dict(headers or {}), MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Make `app` answer every foreseen error with a problem; the guard answers the others (`failure`)."""
    app.exception_handler(CallerError)(_tell)
    app.exception_handler(LimitReached)(_tell)
    app.exception_handler(RequestValidationError)(_tell_validation)
    app.exception_handler(HTTPException)(_tell_http)


def describe(app: FastAPI) -> None:
    """Let the OpenAPI of `app` say that refusals are problem+json; FastAPI knows one media type per route."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        described = generate()
        for operations in described["paths"].values():
            for operation in operations.values():
                content = operation["responses"].get("4XX", {}).get("content", {})
                for media_type in set(content) - {MEDIA_TYPE}:
                    content[MEDIA_TYPE] = content.pop(media_type)
        return described

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend OpenAPI


def failure(reference: str) -> ProblemBody:
    """Ours to mend: the caller sees nothing but the reference under which the log has everything."""
    body = _body(
        "failed",
        f"系统出错,本次操作没有保存。请重试;如仍不行,请把编号 {reference} 告知管理员。",
        f"Something went wrong here and nothing was saved. Try again; if it stays, tell the administrator {reference}.",
    )
    body["reference"] = reference
    return body


def _code(error: CallerError) -> str:
    if error.code in TITLES:
        return error.code
    return next((code for kind, code in _BY_CLASS if isinstance(error, kind)), "invalid")


def _body(code: str, zh: str, en: str) -> ProblemBody:
    status, title, title_en = TITLES[code]
    return {
        "type": f"urn:yimen:problem:{code}",
        "title": title,
        "titleEn": title_en,
        "status": status.value,
        "detail": zh,
        "detailEn": en,
        "code": code,
        "saved": False,
    }


async def _tell(request: Request, error: CallerError | LimitReached) -> Response:
    headers = {"Retry-After": str(int(error.wait.total_seconds()) + 1)} if isinstance(error, LockedOut) else None
    return tell(request.url.path, problem_of(error), error, headers)


async def _tell_validation(request: Request, error: RequestValidationError) -> Response:
    """The body or a parameter has not the documented form; names each place, repeats no value (it may be personal)."""
    fields = [_field(entry) for entry in error.errors()[:100]]
    named = "、".join(dict.fromkeys(field["id"] for field in fields))
    body = _body("invalid", f"请求中有不合要求的内容:{named}。", f"Not as documented: {named}.")
    body["fields"] = fields
    return tell(request.url.path, body, error)


def _field(entry: Mapping[str, Any]) -> FieldProblem:
    path = [str(part)[:100] for part in entry["loc"][1:]] or [str(entry["loc"][0])]
    zh = {"missing": "缺少此项。", "extra_forbidden": "没有此项。"}.get(entry["type"], "格式不对。")
    return {"id": path[-1], "path": ".".join(path), "message": zh, "messageEn": f"{entry['msg']}."}


_BY_STATUS = {404: "unknown", 405: "method", 413: "too_large", 415: "media_type", 400: "invalid"}
_SENTENCES = {
    "unknown": ("没有这个地址或事项。", "There is no such address or matter."),
    "method": ("此地址不支持这种请求。", "This address does not take such a request."),
    "too_large": ("内容超过上限。", "The content exceeds the limit."),
    "media_type": ("内容格式不支持。", "The format is not supported."),
    "invalid": ("请求内容无法读取。", "The request cannot be read."),
}


async def _tell_http(request: Request, error: HTTPException) -> Response:
    if isinstance(error, Refusal):
        return tell(request.url.path, problem_of(error), error, error.headers)
    code = _BY_STATUS.get(error.status_code, "invalid")
    return tell(request.url.path, _body(code, *_SENTENCES[code]), error, error.headers)
