"""Signing in and out, and who I am. Nothing of the demonstration exists outside of one (404)."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from api import session
from api.door import Door, SignedDoor, authority_of, settings_of
from api.guard import SESSION_COOKIE
from api.parameters import Body
from api.shapes import people as shapes
from api.wire import write_json
from casework.people import signin

router = APIRouter(prefix="/api", tags=["session"], route_class=Door)
signed = APIRouter(prefix="/api", tags=["session"], route_class=SignedDoor)

Login = Annotated[str, Field(max_length=60)]
Password = Annotated[str, Field(max_length=signin.LONGEST_PASSWORD)]


class Credentials(Body):
    """A login and its password."""

    login: Login
    password: Password


class DemoLogin(Body):
    """A demo person, who needs no password."""

    login: Login


class PasswordChange(Body):
    """The password so far and the new one."""

    old: Password
    new: Password


@router.post("/session", response_model=shapes.SignedIn)
def sign_in(request: Request, credentials: Credentials) -> Response:
    """Sign in; sets the session's cookie, and `yimen_csrf`, which pages echo in `X-CSRF-Token`."""
    address = session.address_of(request)
    return session.opened(
        request, signin.sign_in(authority_of(request), credentials.login, credentials.password, address)
    )


@signed.delete("/session", status_code=204)
def sign_out(request: Request) -> Response:
    """End this session, here and on the server."""
    return session.closed(request)


@signed.put("/session/password", status_code=204)
def change_password(request: Request, change: PasswordChange) -> Response:
    """Set another password; ends the person's other sessions."""
    token = request.cookies[SESSION_COOKIE]
    signin.change_password(authority_of(request), request.state.actor, change.old, change.new, token=token)
    return Response(status_code=204)


@signed.get("/me", response_model=shapes.Me)
def me(request: Request) -> Response:
    """Who I am, what I hold, and the server's present moment."""
    response = Response(write_json(session.me_of(request, request.state.actor)), media_type="application/json")
    session.echo(request, response, request.cookies[SESSION_COOKIE])
    return response


@router.get("/demo/people", response_model=list[shapes.DemoPerson])
def demo_people(request: Request) -> Response:
    """The synthetic people, for one-click sign-in; 404 outside a demonstration on this machine."""
    session.must_be_demo(settings_of(request))
    return Response(write_json(session.demo_people(request)), media_type="application/json")


@router.post("/demo/session", response_model=shapes.SignedIn)
def sign_in_demo(request: Request, person: DemoLogin) -> Response:
    """Sign in as a synthetic person; 404 outside a demonstration on this machine."""
    session.must_be_demo(settings_of(request))
    return session.opened(
        request, signin.sign_in_demo(authority_of(request), person.login, session.address_of(request))
    )
