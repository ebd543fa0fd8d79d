"""Installations of the tests, and people who sign in to them."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from api.guard import CSRF_COOKIE, CSRF_HEADER
from api.main import create_app
from api.settings import ClockMode, Settings
from casework import demo
from casework.administration import deploy_shipped
from engine.persistence import Database, clock_row

START = datetime.fromisoformat("2026-02-14T20:00:00+08:00")
"""A Saturday evening before the Spring Festival, as in the first scenario of the urgent aid."""
PASSWORD = "a password for all 一二三"


class Person(TestClient):
    """Somebody at a browser of her own: sends the page's token with every change, as the web client does."""

    def request(self, method: str, url: Any, **options: Any) -> Any:
        headers = dict(options.pop("headers", None) or {})
        if CSRF_COOKIE in self.cookies:
            headers.setdefault(CSRF_HEADER, self.cookies[CSRF_COOKIE])
        return super().request(method, url, headers=headers, **options)


Signing = Callable[[str], Person]


def settings_for(url: str, folder: Path) -> Settings:
    """A demonstration on this machine with a clock that is moved by hand."""
    return Settings(database_url=url, data_dir=folder, clock=ClockMode.MANUAL, demo=True)


def set_clock(settings: Settings, at: datetime) -> None:
    """Say where the manual clock stands, before any application runs."""
    database = Database(settings.database_url)
    with database.begin() as connection:
        clock_row.write(connection, at)
    database.close()


def open_app(settings: Settings, *, at: datetime = START) -> FastAPI:
    """The application at `at`, with the shipped procedures and the demo authority."""
    set_clock(settings, at)
    app = create_app(settings, static=settings.data_dir / "no-client")
    deploy_shipped(app.state.authority)
    demo.load(app.state.authority, password=PASSWORD)
    return app


def signed_in(app: FastAPI, browsers: ExitStack, login: str) -> Person:
    """A demo person at a new browser; `nobody` keeps the application's heart beating meanwhile."""
    person = Person(app, base_url=app.state.settings.public_url)
    browsers.callback(person.close)
    answer = person.post("/api/demo/session", json={"login": login})
    assert answer.status_code == 200, answer.text
    return person
