"""Other systems that call as themselves: made and ended from the console, known by a name and a secret.

A program is no person: it never does a human task, and what it does is recorded as `client:<name>`. Its secret is shown once,
when it is made; a lost one means a new program.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING

from casework.errors import NotSignedIn
from casework.model.people import Program, Scope
from casework.model.record import EVERYWHERE
from casework.people import signin
from casework.persistence import outgoing, signins
from engine.errors import InvalidInput, Unknown

if TYPE_CHECKING:
    from casework.authority import Authority

CONSOLE = "console"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


def add(authority: Authority, name: str, *, scopes: Iterable[Scope], region: str = EVERYWHERE) -> tuple[Program, str]:
    """A new program and its secret. InvalidInput for a name that cannot be or is taken, no scope, or an unknown region."""
    asked = frozenset(scopes)
    wanted = tuple(scope.value for scope in Scope if scope in asked)
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            f"程序名 {name!r} 不可用:2 至 40 位小写字母、数字、点、横线或下划线,以字母或数字开头。",
            f"{name!r} cannot be a program's name: 2 to 40 of a-z, 0-9, dot, dash, underscore, a letter or digit first.",
        )
    if not wanted:
        raise InvalidInput("请至少给一项权限。", "Give it one scope at least.")
    if Scope.TASKS in wanted:
        raise InvalidInput("人工任务只能由人办理,不能授权给程序。", "Human tasks are done by people: no program is given `tasks`.")
    if Scope.DEPLOY in wanted and region != EVERYWHERE:
        raise InvalidInput(
            "部署对所有地区生效,不能限于一个地区。", "A deployment is in force everywhere: `deploy` goes with no single region."
        )
    secret = secrets.token_urlsafe(32)
    with authority.system("console", region=region) as act:
        if region != EVERYWHERE and region not in outgoing.regions(act.connection):
            raise InvalidInput(f"没有地区 {region}。", f"There is no region {region}.")
        if signins.is_taken(act.connection, name):
            raise InvalidInput(f"名称 {name} 已被使用。", f"The name {name} is taken.")
        made = act.add(
            Program(
                region=region, id=act.new_id(), name=name, secret_hash=_hash(secret), scopes=wanted, made_by=CONSOLE,
                made_at=act.now,
            )
        )  # fmt: skip
        act.record("add-program", made, after={"name": name, "scopes": list(wanted), "by": CONSOLE})
    return made, secret


def end(authority: Authority, name: str) -> Program:
    """Take a program's access away at once, and the tokens it holds. Unknown where there is none; twice changes nothing."""
    with authority.database.read() as connection:
        found = signins.program_of_name(connection, name)
    if found is None:
        raise Unknown(f"没有程序 {name}。", f"There is no program {name}.")
    if found.ended_at is not None:
        return found
    with authority.system("console", region=found.region) as act:
        ended = act.change(act.lock(Program, found.id), ended_at=act.now)
        act.record("end-program", ended, after={"name": name, "by": CONSOLE})
    return ended


def everyone(authority: Authority) -> list[Program]:
    """All programs, also those that were ended, by name."""
    with authority.database.read() as connection:
        return signins.all_programs(connection)


def known(authority: Authority, name: str) -> Program | None:
    """The program of that name that may call; None where there is none, or it was ended."""
    if not _NAME.fullmatch(name):
        return None
    with authority.database.read() as connection:
        found = signins.program_of_name(connection, name)
    return found if found is not None and found.ended_at is None else None


def sign_in(authority: Authority, name: str, secret: str, address: str) -> Program:
    """The program with that name and secret. NotSignedIn where they do not fit; LockedOut after many failures of the address.

    Failures count against the address only: a secret cannot be guessed, and whoever knows a program's name must not be able
    to lock it out.
    """
    signin.refuse_address(authority, address)
    found = known(authority, name)
    fits = hmac.compare_digest(_hash(secret), found.secret_hash if found else _hash(""))
    if found is None or not fits:
        signin.note_failure(authority, f"client:{name if _NAME.fullmatch(name) else '?'}", address)
        raise NotSignedIn("程序名或密钥不对。", "The client id or its secret is wrong.")
    return found


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
