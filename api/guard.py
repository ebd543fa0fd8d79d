"""What is checked and added around every request, whatever its address: host, origin, CSRF, size, headers, one log line.

The guard never asks who may do what. It keeps foreign pages, oversized bodies and forged hosts out, and makes sure that no
answer leaves without its security headers, that of a failure included.
"""

import hashlib
import hmac
import logging
import re
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.bounds import JSON_BODY_BYTES, UPLOAD_BODY_BYTES
from api.problems import Refusal, failure, problem_of, refuse, tell
from api.settings import LOOPBACK, Settings

SESSION_COOKIE = "yimen_session"
CSRF_COOKIE = "yimen_csrf"
CSRF_HEADER = "X-CSRF-Token"
# A browser may still hold the cookie of a session that is over; signing in answers with new ones.
_SIGNING_IN = frozenset({("POST", "/api/session"), ("POST", "/api/demo/session")})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

OUTSIDE = ("/v2", "/engine-rest", "/oauth", "/.well-known")
"""Addresses at which no cookie is looked at: a caller says who it is in every request (`api.access`)."""
_DESKTOP_MAY_CALL = ("/engine-rest", "/.well-known")
_DESKTOP_ORIGINS = frozenset({"file://", "null"})
# No page on the web names itself file://, but any can be `null`; a browser's page cannot call itself Electron as well.
_DESKTOP = re.compile(r"\bElectron/\d")
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "authorization, content-type, accept",
    "Access-Control-Max-Age": "600",
}

# Inline styles: the diagram and form libraries set them; under this policy no style runs code or reaches another host.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self'; frame-src 'self' blob:; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
}
_UNSTORABLE = re.compile(rb"%00|\x00", re.IGNORECASE)

log = logging.getLogger("yimen.access")
errors = logging.getLogger("yimen.api")


def csrf_token(session_token: str) -> str:
    """The token that a page must echo for this session; made from the session's own secret, so that no cookie planted from
    outside can match it, and one-way, so that scripts on the page never learn the session's secret.
    """
    return hashlib.sha256(b"yimen csrf\0" + session_token.encode()).hexdigest()


class Guard:
    """ASGI middleware; the outermost of ours."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self._public = urlsplit(settings.public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        passage = _Passage(scope, receive, send, secure=self.settings.secure)
        try:
            self._check(scope, passage)
            if passage.is_preflight:
                await passage.instead(Response(status_code=204, headers=_PREFLIGHT))
            else:
                await self.app(scope, passage.receive, passage.send)
        except Refusal as refusal:
            await passage.instead(tell(scope["path"], problem_of(refusal), refusal, refusal.headers))
        except Exception as error:  # noqa: BLE001 - the edge: logged in full, answered with a reference
            errors.error("request failed", exc_info=error, extra={"reference": passage.reference})
            await passage.instead(tell(scope["path"], failure(passage.reference)))
        finally:
            passage.report()

    def _check(self, scope: Scope, passage: "_Passage") -> None:
        headers = Headers(scope=scope)
        if _UNSTORABLE.search(scope.get("raw_path", b"") + b"?" + scope["query_string"]):
            raise refuse("invalid", "地址中有无法使用的字符。", "The address holds a character that cannot be used.")
        if scope["path"] != "/api/health" and not self._is_ours(headers.get("host", "")):
            raise refuse("invalid", "请求的主机名不是本系统的。", "The host asked for is not this system's.")
        passage.desktop = _is_desktop(scope["path"], headers)
        if scope["method"] not in SAFE_METHODS and not passage.desktop:
            self._check_origin(headers)
            if (scope["method"], scope["path"]) not in _SIGNING_IN and not _is_under(scope["path"], OUTSIDE):
                _check_csrf(headers)
        passage.expect(headers)

    def _is_ours(self, host: str) -> bool:
        """Refusing foreign names keeps a page whose name was re-pointed to this machine from speaking to us."""
        if host == self._public.netloc:
            return True
        name = (
            host[: host.index("]") + 1].strip("[]") if host.startswith("[") and "]" in host else host.partition(":")[0]
        )
        return self.settings.loopback and name in LOOPBACK

    def _check_origin(self, headers: Headers) -> None:
        origin = headers.get("origin")
        own = {self.settings.public_url}
        if self.settings.loopback:
            own.add(f"http://{headers.get('host', '')}")
        same_site = headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
        if (origin is not None and origin not in own) or (origin is None and not same_site):
            raise refuse(
                "foreign_origin", "请求来自其他网站,已拒绝。", "The request comes from another site and was refused."
            )


def _is_under(path: str, prefixes: tuple[str, ...]) -> bool:
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in prefixes)


def _is_desktop(path: str, headers: Headers) -> bool:
    """Whether the page of a desktop program (Camunda Modeler) calls where such a page may."""
    return (
        headers.get("origin") in _DESKTOP_ORIGINS
        and _is_under(path, _DESKTOP_MAY_CALL)
        and _DESKTOP.search(headers.get("user-agent", "")) is not None
    )


def _check_csrf(headers: Headers) -> None:
    """Where a browser sends the session by itself, the page must show that it is ours."""
    session = cookie_parser(headers.get("cookie", "")).get(SESSION_COOKIE)
    if session and not hmac.compare_digest(headers.get(CSRF_HEADER, "").encode(), csrf_token(session).encode()):
        raise refuse("csrf", "页面已过期,请刷新后重试。", "The page is out of date; reload it and try again.")


@dataclass(slots=True)
class _Passage:
    """One request on its way in and out."""

    scope: Scope
    _receive: Receive
    _send: Send
    secure: bool
    reference: str = field(default_factory=lambda: secrets.token_hex(8))
    began: float = field(default_factory=time.perf_counter)
    limit: int = JSON_BODY_BYTES
    size: int = 0
    status: int = 0
    digest: Any = None
    desktop: bool = False

    @property
    def is_preflight(self) -> bool:
        """A desktop program's page asks whether it may call."""
        return (
            self.desktop
            and self.scope["method"] == "OPTIONS"
            and "access-control-request-method" in Headers(scope=self.scope)
        )

    def expect(self, headers: Headers) -> None:
        """Settle how large the body may be, and begin the digest by which a repeated request is recognised."""
        if headers.get("content-type", "").lower().startswith("multipart/form-data"):
            # The boundary between parts is new at every try, so the bytes of an upload prove nothing.
            self.limit = UPLOAD_BODY_BYTES
        else:
            self.digest = hashlib.sha256()
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length[:20]) > self.limit:
            raise self._too_large()
        self.scope["yimen.reference"] = self.reference
        self.scope["yimen.digest"] = self.digest

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            body = message.get("body", b"")
            self.size += len(body)
            if self.size > self.limit:
                raise self._too_large()
            if self.digest is not None:
                self.digest.update(body)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._add_headers(MutableHeaders(scope=message))
        await self._send(message)

    async def instead(self, response: ASGIApp) -> None:
        """Answer with `response`, unless an answer is on its way; a broken stream then ends where it is."""
        if not self.status:
            await response(self.scope, self._receive, self.send)

    def report(self) -> None:
        """One line for the log; the address as its pattern, since real ones hold names and numbers of people."""
        route = getattr(self.scope.get("route"), "path", None)
        request = {
            "method": self.scope["method"][:16],
            "route": route or "-",
            "status": self.status,
            "ms": round((time.perf_counter() - self.began) * 1000, 1),
        }
        log.info("request", extra={"reference": self.reference, "request": request})

    def _add_headers(self, headers: MutableHeaders) -> None:
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
        headers["X-Request-Id"] = self.reference
        if self.desktop:
            headers["Access-Control-Allow-Origin"] = Headers(scope=self.scope)["origin"]
        if _is_under(self.scope["path"], _DESKTOP_MAY_CALL):
            headers.add_vary_header("Origin")
        if self.secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        if _is_under(self.scope["path"], ("/api", *OUTSIDE)):
            headers["Cache-Control"] = "no-store"

    def _too_large(self) -> Refusal:
        return refuse(
            "too_large",
            f"内容超过上限 {self.limit:,} 字节。",
            f"The content is larger than the limit of {self.limit:,} bytes.",
        )
