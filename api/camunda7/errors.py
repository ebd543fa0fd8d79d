"""Refusals as Camunda 7 tells them: `type`, `message` and a code, with the statuses of its REST API (version 7.24).

The message is English, then Chinese: the Modeler and the clients show it as it is. A refused deployment names every problem of
every file, in the message for people and in `details` for programs.
"""

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from fastapi import Response

from api.problems import ProblemBody
from api.wire import write_json
from casework.errors import Invalid, LockedOut, Overtaken, Refused
from engine import errors as engine_errors
from engine.errors import (
    Busy,
    CallerError,
    Closed,
    DeploymentRefused,
    InvalidInput,
    LimitReached,
    Problem,
    Suspended,
    Unknown,
)

PREFIX = "/engine-rest"
NOT_PARSED = "ENGINE-09005 Could not parse BPMN process."
"""The Modeler knows this beginning and says that the server could not parse the diagram."""

# These tell of a task that is not there with 500, all others with 404.
_TASK_COMMAND = re.compile(
    r"/task/[^/]+/(?:complete|claim|unclaim|assignee|delegate|resolve|submit-form|bpmnError)$"
)


class RestError(CallerError):
    """A refusal of this door alone, with Camunda's own name and status for it."""

    code = "camunda7"

    def __init__(self, status: int, kind: str, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.status = status
        self.kind = kind


class NoMatch(RestError):
    """A message that nobody waits for, or more than one."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(400, "MismatchingMessageCorrelationException", zh, en)


def invalid(zh: str, en: str) -> RestError:
    """A value or parameter that cannot be meant."""
    return RestError(400, "InvalidRequestException", zh, en)


def missing(zh: str, en: str) -> RestError:
    """There is no such thing."""
    return RestError(404, "InvalidRequestException", zh, en)


def write(body: ProblemBody, error: Exception | None, path: str) -> Response:
    """The answer to a refused request; `error` is None where it is ours to mend."""
    status, kind = _told(body, error, path)
    told: dict[str, Any] = {"type": kind, "message": _message(body, error), "code": 0 if status < 500 else None}
    match error:
        case DeploymentRefused():
            told["details"] = details(error.problems)
        case Invalid():
            told["fields"] = body.get("fields", [])
        case Refused():
            told |= {"userId": None, "resourceName": None, "resourceId": None, "permissionName": None}
            told["missingAuthorizations"] = []
    response = Response(write_json(told), status, media_type="application/json")
    if isinstance(error, LockedOut):
        response.headers["Retry-After"] = str(int(error.wait.total_seconds()) + 1)
    return response


def details(problems: Iterable[Problem]) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """The problems of a deployment by file, as Camunda 7's `ResourceReportDto`, with the rule of ours that each breaks."""
    files: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for each in problems:
        report = files.setdefault(each.file, {"errors": [], "warnings": []})
        report["errors" if each.severity == "error" else "warnings"].append({
            "message": f"{each.en} / {each.zh}",
            "line": each.line or 0,
            "column": 0,
            "mainElementId": each.element_id,
            "elementIds": [each.element_id] if each.element_id else [],
            "rule": each.rule,
        })  # fmt: skip
    return files


def _told(body: ProblemBody, error: Exception | None, path: str) -> tuple[int, str]:
    command = _TASK_COMMAND.search(path) is not None
    match error:
        case RestError():
            return error.status, error.kind
        case DeploymentRefused():
            return 400, "ParseException"
        case Refused():
            return 403, "AuthorizationException"
        case Overtaken() if path.endswith("/claim"):
            return 500, "TaskAlreadyClaimedException"
        case Overtaken():
            return 500, "OptimisticLockingException"
        case engine_errors.Overtaken():
            return 400, "RestException"
        case Busy():
            return 500, "ProcessEngineException"
        case Suspended():
            return 500, "SuspendedEntityInteractionException"
        case Closed() | Unknown():
            return (500, "NullValueException") if command else (404, "InvalidRequestException")
        case InvalidInput() | Invalid() | LimitReached():
            return 400, "InvalidRequestException"
    status = body["status"]
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        status = HTTPStatus.BAD_REQUEST
    kinds = {401: "AuthenticationException", 403: "AuthorizationException", 500: "ProcessEngineException"}
    return int(status), kinds.get(int(status), "InvalidRequestException" if status < 500 else "RestException")


def _message(body: ProblemBody, error: Exception | None) -> str:
    if isinstance(error, DeploymentRefused):
        lines = "\n".join(f"* {_line(each)}" for each in error.problems)
        return f"{NOT_PARSED} Errors:\n{lines}"
    if isinstance(error, Invalid):
        faults = "; ".join(f"{'.'.join(map(str, each.path)) or each.id}: {each.en} / {each.zh}" for each in error.fields)
        return f"{body['detailEn']} / {body['detail']} {faults}"
    return f"{body['detailEn']} / {body['detail']}"


def _line(problem: Problem) -> str:
    place = [problem.file, f"line {problem.line}" if problem.line else "", problem.element_id or ""]
    return " | ".join([f"{problem.en} / {problem.zh}", *(each for each in place if each)])
