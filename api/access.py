"""Who calls at the Camunda doors (/v2, /engine-rest), and the act that is opened for it. No cookie is ever looked at.

A person gives her login and password (Basic), counted and locked out as at the sign-in page. A program gives its name and secret
(Basic), or a token of `/oauth/token` (Bearer). In a demonstration on loopback nobody has to say anything: such a caller is the
program `demo`. The doors ask here for a scope; what a person may do with a case is asked of the gate in `casework`, as everywhere.
"""

import base64
import binascii
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from api import tokens
from api.door import Door, authority_of, settings_of
from api.problems import Refusal, refuse
from casework import demo
from casework.act import Act, Actor
from casework.authority import Authority
from casework.errors import LockedOut, NotSignedIn
from casework.model.people import Program, Scope
from casework.model.record import EVERYWHERE
from casework.people import organisation, programs, signin
from casework.people.signin import Proof
from engine.clock import SystemClock
from engine.errors import InvalidInput, Unknown

__all__ = ["AccessDoor", "Caller", "Scope", "caller", "open_act", "open_read", "region_of", "tenant_of"]

DEFAULT_TENANT = "<default>"
DEMO = "demo"
"""The program that everybody is who calls a demonstration without credentials."""
REMEMBERED = timedelta(minutes=1)
_REMEMBERED_AT_MOST = 10_000
_CHALLENGE = {"WWW-Authenticate": 'Basic realm="Yimen", charset="UTF-8", Bearer realm="Yimen"'}
_wall = SystemClock()

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a person (`actor`), else a program by name; what it may do; where it acts.

    `reach` is the region beyond which the caller sees nothing, `*` where it sees all. `region` is the one it acts in when it
    names none (`<default>`); it is `*` only where an installation of several regions names no default.
    """

    actor: Actor | None
    program: str | None
    scopes: frozenset[Scope]
    region: str
    reach: str
    is_demo: bool = False


class AccessDoor(Door):
    """A route of a Camunda door: 401 before a byte of the body is looked at."""

    async def admit(self, request: Request) -> None:
        await run_in_threadpool(caller, request)


def caller(request: Request) -> Caller:
    """Who calls; asked once per request. Refusal 401 without credentials or with wrong ones, 429 after too many wrong ones."""
    known: Caller | None = getattr(request.state, "caller", None)
    if known is None:
        known = request.state.caller = _identify(request)
    return known


def require(request: Request, scope: Scope) -> Caller:
    """The caller, who has the scope; Refusal 403 with a sentence where it has not."""
    who = caller(request)
    if scope not in who.scopes:
        raise refuse(
            "refused", f"您没有此项权限({scope.value})。", f"The scope `{scope.value}` is needed, which you do not have."
        )
    return who


@contextmanager
def open_act(
    request: Request, scope: Scope, region: str | None = None, *, person: str | int | None = None
) -> Iterator[Act]:
    """The caller's act, in its own region or (`region`) in one that it reaches; deployments are acts of the installation.

    Scope `tasks` is for people only. `person` (login, or staff id) is who does it in a demonstration without credentials, such
    as the task's assignee; it is not looked at otherwise. Refusal 401 or 403; Unknown for a region out of reach.
    """
    who = _for(request, scope, region, person)
    where = _where(who, scope, region)
    authority = authority_of(request)
    if who.actor is not None:
        opened = authority.act(who.actor, region=where)
    else:
        opened = authority.program(who.program or "", who.scopes, region=where)
    with opened as act:
        yield act


@contextmanager
def open_read(
    request: Request, scope: Scope = Scope.READ, region: str | None = None, *, person: str | int | None = None
) -> Iterator[Act]:
    """The caller's look; as `open_act`, but nothing can be written."""
    who = _for(request, scope, region, person)
    where = _where(who, scope, region)
    authority = authority_of(request)
    if who.actor is not None:
        opened = authority.read(who.actor, region=where)
    else:
        opened = authority.program_read(who.program or "", who.scopes, region=where)
    with opened as act:
        yield act


def region_of(request: Request, tenant: str | None) -> str:
    """The region that a `tenantId` names; none and `<default>` are the caller's own.

    Unknown for one that is none or out of the caller's reach; InvalidInput where the installation names no default.
    """
    who = caller(request)
    if tenant in (None, "", DEFAULT_TENANT):
        if who.region == EVERYWHERE:
            raise InvalidInput(
                "请在 tenantId 中指明地区,或设置 YIMEN_DEFAULT_REGION。",
                "Name the region as tenantId, or set YIMEN_DEFAULT_REGION.",
            )
        return who.region
    if who.reach not in (EVERYWHERE, tenant) or tenant not in _regions(authority_of(request)):
        raise Unknown(f"没有租户 {tenant}。", f"There is no tenant {tenant}.")
    return str(tenant)


def tenant_of(request: Request, region: str) -> str:
    """How a region is called in answers: `<default>` for the caller's own and for what belongs to all, else its code."""
    return DEFAULT_TENANT if region in (EVERYWHERE, caller(request).region) else region


# ---- who it is


def _identify(request: Request) -> Caller:
    given = request.headers.get("authorization", "").strip()  # Camunda's Node SDK sends an empty one where it has no credentials
    settings = settings_of(request)
    if not given:
        if settings.asks_credentials:
            raise _unknown("not_signed_in", "请提供身份凭据。", "Credentials are needed.")
        return Caller(None, DEMO, frozenset(Scope), _default_region(request), EVERYWHERE, is_demo=True)
    scheme, _, credentials = given.partition(" ")
    match scheme.lower():
        case "basic":
            return _of_basic(request, credentials.strip())
        case "bearer":
            return _of_token(request, credentials.strip())
    raise _unknown("wrong_credentials", "不支持这种身份凭据。", "Only Basic and Bearer credentials are understood.")


def _of_basic(request: Request, credentials: str) -> Caller:
    name, password = read_basic(credentials)
    authority, address = authority_of(request), address_of(request)
    try:
        if programs.known(authority, name) is not None:
            return _of_program(request, programs.sign_in(authority, name, password, address))
        return _of_person(request, _passes_of(request).prove(authority, name, password, address))
    except NotSignedIn as wrong:
        raise _unknown("wrong_credentials", wrong.zh, wrong.en) from None
    except LockedOut as locked:
        raise locked_out(locked) from None


def _of_token(request: Request, token: str) -> Caller:
    authority = authority_of(request)
    said = tokens.read(authority.house.seal, token, now=_wall.now())
    program = programs.known(authority, said.subject) if said else None
    if said is None or program is None or program.region != said.region:
        raise _unknown("wrong_credentials", "令牌无效或已过期。", "The token is not valid, or no longer.")
    return _of_program(request, program, frozenset(said.scopes))


def _of_program(request: Request, program: Program, asked: frozenset[str] | None = None) -> Caller:
    scopes = frozenset(Scope(word) for word in program.scopes if asked is None or word in asked)
    region = program.region if program.region != EVERYWHERE else _default_region(request)
    return Caller(None, program.name, scopes, region, program.region)


def _of_person(request: Request, actor: Actor) -> Caller:
    with authority_of(request).read(actor) as act:
        scopes = organisation.scopes_of(act)
    region = actor.region if actor.region != EVERYWHERE else _default_region(request)
    return Caller(actor, None, scopes, region, actor.region)


def read_basic(credentials: str) -> tuple[str, str]:
    """(name, password) of Basic credentials (RFC 7617, UTF-8); Refusal 401 for what is none."""
    try:
        given = base64.b64decode(credentials, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        given = ""
    name, colon, password = given.partition(":")
    if not colon or "\0" in given:
        raise _unknown("wrong_credentials", "身份凭据无法读取。", "The credentials cannot be read.")
    return name, password


def address_of(request: Request) -> str:
    """Where the request comes from, as far as is known; counts failures."""
    return request.client.host if request.client else ""


def locked_out(locked: LockedOut) -> Refusal:
    """Too many failures: 429, and when to try again."""
    return refuse(
        "locked_out", locked.zh, locked.en, headers={"Retry-After": str(int(locked.wait.total_seconds()) + 1)}
    )


def _unknown(code: str, zh: str, en: str) -> Refusal:
    return refuse(code, zh, en, headers=_CHALLENGE)


# ---- where it acts, and as whom


def _for(request: Request, scope: Scope, region: str | None, person: str | int | None) -> Caller:
    """The caller with the scope; for human tasks the person who does them."""
    who = caller(request)
    if scope is not Scope.TASKS or who.actor is not None:
        return require(request, scope)
    if not who.is_demo:
        raise refuse(
            "refused",
            "人工任务只能由人办理:请用工作人员的登录名和密码。",
            "Human tasks are done by people: call with the login and password of a member of staff.",
        )
    actor = None if person is None else signin.synthetic(authority_of(request), region or who.region, person)
    if actor is None:
        raise refuse(
            "refused",
            "任务还没有办理人:请先把任务分派给一名演示人员。",
            "Nobody holds the task: assign it to one of the demo people first.",
        )
    return Caller(actor, None, frozenset({Scope.TASKS, Scope.READ}), actor.region, actor.region, is_demo=True)


def _where(who: Caller, scope: Scope, region: str | None) -> str:
    where = EVERYWHERE if scope is Scope.DEPLOY else region or who.region
    if who.reach not in (EVERYWHERE, where):
        raise Unknown("没有这个地区。", "There is no such region.")
    return where


def _default_region(request: Request) -> str:
    settings = settings_of(request)
    if settings.default_region:
        return settings.default_region
    regions = _regions(authority_of(request))
    if settings.demo and demo.DISTRICTS[0] in regions:
        return demo.DISTRICTS[0]
    return regions[0] if len(regions) == 1 else EVERYWHERE


def _regions(authority: Authority) -> list[str]:
    with authority.system_read() as act:
        return organisation.regions(act)


# ---- passwords that were looked at a moment ago


class Passes:
    """Passwords that were right within the last minute, or wrong within the time for which failures count.

    Looking at a password is slow on purpose; a worker asks many times a second. What is kept is a keyed hash. A password that
    was changed since, or whose owner was disabled, is looked at anew. The same wrong one again is no new guess: a program that
    was set up with it, and asks every few seconds, locks nobody out.
    """

    def __init__(self) -> None:
        self._right: dict[bytes, tuple[Proof, datetime]] = {}
        self._wrong: dict[bytes, tuple[datetime | None, datetime]] = {}
        self._lock = threading.Lock()

    def prove(self, authority: Authority, login: str, password: str, address: str) -> Actor:
        """Who it is; NotSignedIn and LockedOut as `signin.sign_in`."""
        now = _wall.now()
        key = authority.house.seal.sign(f"{login}\0{password}".encode(), purpose="basic")
        right, wrong = self._right.get(key), self._wrong.get(key)
        if right is not None and now < right[1] and signin.holds(authority, right[0]):
            return right[0].actor
        if wrong is not None and now < wrong[1] and signin.password_set_at(authority, login) == wrong[0]:
            raise signin.wrong_password()
        since = signin.password_set_at(authority, login)
        try:
            proof = signin.prove(authority, login, password, address)
        except NotSignedIn:
            self._keep(self._wrong, key, (since, now + signin.ACCOUNT_WINDOW), now)
            raise
        self._keep(self._right, key, (proof, now + REMEMBERED), now)
        return proof.actor

    def _keep(
        self, kept: dict[bytes, tuple[T, datetime]], key: bytes, value: tuple[T, datetime], now: datetime
    ) -> None:
        with self._lock:
            if len(kept) >= _REMEMBERED_AT_MOST:
                for old in [each for each, (_, until) in kept.items() if until <= now] or list(kept)[:1000]:
                    del kept[old]
            kept[key] = value


def _passes_of(request: Request) -> Passes:
    found: Passes = request.app.state.passes
    return found
