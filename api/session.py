"""The cookies of a session and the person behind them."""

from fastapi import Request, Response

from api.door import authority_of, settings_of
from api.guard import CSRF_COOKIE, SESSION_COOKIE, csrf_token
from api.problems import refuse
from api.settings import ClockMode, Settings
from api.shapes import people as shapes
from api.wire import write_json
from casework import demo
from casework.act import Act, Actor
from casework.model.record import EVERYWHERE
from casework.people import organisation, signin
from casework.people.signin import Session


def opened(request: Request, session: Session) -> Response:
    """The answer to a sign-in: who it is, the new session's cookie, and the token that pages echo."""
    response = Response(write_json({"me": me_of(request, session.staff)}), media_type="application/json")
    _set(request, response, SESSION_COOKIE, session.token, http_only=True)
    echo(request, response, session.token)
    return response


def closed(request: Request) -> Response:
    """End the session on the server; a copy of its cookie is worth nothing from now on."""
    signin.sign_out(authority_of(request), request.cookies[SESSION_COOKIE])
    response = Response(status_code=204)
    for name in (SESSION_COOKIE, CSRF_COOKIE):
        response.delete_cookie(name, path="/", secure=settings_of(request).secure, samesite="strict")
    return response


def echo(request: Request, response: Response, token: str) -> None:
    """Give the page the token that it must send with every change; scripts of our own pages may read it, no other site's."""
    _set(request, response, CSRF_COOKIE, csrf_token(token), http_only=False)


def me_of(request: Request, actor: Actor) -> shapes.Me:
    """Who is signed in, and the server's present moment."""
    settings = settings_of(request)
    with authority_of(request).read(actor) as act:
        return _me(act, settings)


def address_of(request: Request) -> str:
    """Where the request comes from, as far as is known; counts failed sign-ins."""
    return request.client.host if request.client else ""


def must_be_demo(settings: Settings) -> None:
    """404 unless this is a demonstration that only this machine can reach (`decisions` 19)."""
    if not (settings.demo and settings.loopback):
        raise refuse("unknown", "没有这个地址或事项。", "There is no such address or matter.")


def demo_people(request: Request) -> list[shapes.DemoPerson]:
    """Everybody of the demo authority, district by district, the administrator last."""
    found: list[shapes.DemoPerson] = []
    for region in (*demo.DISTRICTS, EVERYWHERE):
        with authority_of(request).system_read(region=region) as act:
            found += [shapes.demo_person(person, held) for person, held in organisation.demo_people(act)]
    return found


def _me(act: Act, settings: Settings) -> shapes.Me:
    me = organisation.me(act)
    return shapes.me(
        me, now=act.now, manual=settings.clock is ClockMode.MANUAL, demo=settings.demo and settings.loopback
    )


def _set(request: Request, response: Response, name: str, value: str, *, http_only: bool) -> None:
    settings = settings_of(request)
    response.set_cookie(
        name,
        value,
        max_age=int(settings.session_lifetime.total_seconds()),
        path="/",
        secure=settings.secure,
        httponly=http_only,
        samesite="strict",
    )
