"""Start the server, or make the first administrator.

python -m api                               serve, as the variables of docs/settings.md say
python -m api admin --login L --name N      create an administrator; asks for the password
"""

import argparse
import contextlib
import gc
import getpass
import logging
import os
import socket
import sys

import uvicorn
from fastapi import FastAPI

from api.logs import write_to_stderr
from api.main import create_app, open_authority
from api.settings import ClockMode, Settings, SettingsError
from casework import demo
from casework.administration import deploy_shipped
from casework.authority import Authority
from casework.people import organisation, signin
from engine.errors import CallerError
from engine.persistence.migrate import upgrade

STOP_SECONDS = 5
CONNECTIONS = 1_000


def main(words: list[str]) -> int:
    """Carry out one command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m api", description="Yimen 一门")
    commands = parser.add_subparsers(dest="command")
    admin = commands.add_parser("admin", help="create an administrator")
    admin.add_argument("--login", required=True)
    admin.add_argument("--name", required=True)
    given = parser.parse_args(words)
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as wrong:
        print(wrong, file=sys.stderr)
        return 2
    prepare(settings)
    if given.command == "admin":
        return create_administrator(settings, given.login, given.name)
    return serve(settings)


def prepare(settings: Settings) -> None:
    """Make the data folder, readable by its owner only, and bring the tables up to date."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    upgrade(settings.database_url)


def serve(settings: Settings) -> int:
    """Load what is shipped and, where asked for, the demo authority; serve until told to stop."""
    at_a_desk = settings.demo and settings.loopback
    # Whoever tries the product reads the console; an installation collects its log.
    write_to_stderr(logging.WARNING if at_a_desk else logging.INFO)
    app = create_app(settings)
    load(app.state.authority, settings)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        # Addresses that a proxy hands on are believed only where one is meant to stand before us, on this machine.
        proxy_headers=settings.secure,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    gc.collect()
    gc.freeze()  # what was loaded stays for good: looking through it for garbage again and again is half of a large step
    server = _Server(config, settings, app)
    with contextlib.suppress(KeyboardInterrupt):  # raised again by uvicorn when it has come to rest in good order
        server.run()
    return 0 if server.started else 1


class _Server(uvicorn.Server):
    """Says where it is once it listens, and not before."""

    def __init__(self, config: uvicorn.Config, settings: Settings, app: FastAPI) -> None:
        super().__init__(config)
        self._settings = settings
        self._app = app

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(greeting(self._settings, self._app), flush=True)


def greeting(settings: Settings, app: FastAPI) -> str:
    """Where the product is, and who can sign in where it is a demonstration."""
    lines = ["", f"一门 Yimen: {settings.public_url}"]
    if settings.clock is ClockMode.MANUAL:
        lines.append("时钟由人工拨动 The clock stands still until it is moved: PUT /v2/clock")
    if settings.demo and settings.loopback:
        lines += ["", "演示人员,登录页一键登录 Demo people, one click on the sign-in page:"]
        with app.state.authority.system_read(region=demo.DISTRICTS[0]) as act:
            for person, held in organisation.demo_people(act):
                posts = ", ".join(f"{each.post_name}({each.office.name})" for each in held)
                lines.append(f"  {person.login:<20} {person.name}  {posts}")
        lines.append("  …")
    return "\n".join(lines)


def load(authority: Authority, settings: Settings) -> None:
    """Take the shipped procedures into use and fill in the demo authority, where that was not done before."""
    print("装入流程、表单、文书 Loading procedures, forms and letters …", flush=True)
    deploy_shipped(authority)
    if settings.demo and demo.load(authority):
        print("已装入演示机构 Loaded the demo authority", flush=True)


def create_administrator(settings: Settings, login: str, name: str) -> int:
    """Ask for a password and create an administrator; the only way to the first one."""
    password = _ask_password()
    try:
        signin.create_administrator(open_authority(settings), login, name, password)
    except CallerError as refused:
        print(refused, file=sys.stderr)
        return 1
    print(f"已创建管理员 {login}。 Administrator {login} created.")
    return 0


def _ask_password() -> str:
    """From the console, typed twice; from a pipe, its first line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    while True:
        password = getpass.getpass("密码 Password: ")
        if password == getpass.getpass("再输一次 Again: "):
            return password
        print("两次输入不同。 They differ.", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
