"""Passwords, sessions and lock-out. What a signed-in person may do is not decided here.

Sign-in follows the machine's clock, never the manual one (`decisions` 8). Unknown account, wrong password and disabled account
give the same answer after the same work. Tokens are 32 random bytes and are stored only as a hash.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from pwdlib.hashers.argon2 import Argon2Hasher

from casework import audit
from casework.act import Actor, Capacity
from casework.errors import LockedOut, NotSignedIn, Refused
from casework.model.people import Credential, Holding, Office, OfficeKind, Staff, StaffSession, StaffState
from casework.model.record import EVERYWHERE
from casework.people.organisation import ADMINISTRATOR
from casework.persistence import rows, signins
from casework.persistence.rows import Connection
from engine.clock import SystemClock
from engine.errors import InvalidInput
from engine.persistence.tables import new_id

if TYPE_CHECKING:
    from casework.authority import Authority

FAILURES_PER_ACCOUNT = 5
ACCOUNT_WINDOW = timedelta(minutes=15)
FAILURES_PER_ADDRESS = 30
ADDRESS_WINDOW = timedelta(minutes=1)
LIFETIME = timedelta(hours=12)
IDLE = timedelta(minutes=30)
_SLIDE_EVERY = timedelta(minutes=1)
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200

#: OWASP's least for argon2id: 19 MiB, two passes, one lane.
_hasher = Argon2Hasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)
_wall = SystemClock()


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in that just succeeded: the token goes into a cookie and is kept nowhere else."""

    token: str
    staff: Actor
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Proof:
    """Somebody gave the right password; `since` is when it was set, by which a later change shows."""

    actor: Actor
    since: datetime


def sign_in(authority: Authority, login: str, password: str, address: str) -> Session:
    """Open a session. NotSignedIn where name and password do not fit, LockedOut after too many failures."""
    now = _wall.now()
    found, _, try_id = _prove(authority, login, password, address, now)
    return _open_session(authority, found, address, now, try_id=try_id)


def prove(authority: Authority, login: str, password: str, address: str) -> Proof:
    """Who it is that knows this password, without a session; refuses and counts failures as `sign_in` does."""
    now = _wall.now()
    found, credential, try_id = _prove(authority, login, password, address, now)
    with authority.database.begin() as connection:
        signins.forget_failures(connection, found.login, try_id, now - ACCOUNT_WINDOW)
    return Proof(_actor(found), credential.changed_at)


def wrong_password() -> NotSignedIn:
    """The answer to a wrong password, an unknown account and a disabled one alike."""
    return NotSignedIn("姓名或密码不对。", "The name or the password is wrong.")


def password_set_at(authority: Authority, login: str) -> datetime | None:
    """When the password of an account was set; None where there is no such account, or it has none."""
    with authority.database.read() as connection:
        found = signins.staff_of_login(connection, normal_login(login))
        credential = rows.find(connection, Credential, found.region, id=found.id) if found else None
    return credential.changed_at if credential else None


def holds(authority: Authority, proof: Proof) -> bool:
    """Whether a password that was right is right still: it was not changed since, and its owner not disabled."""
    actor = proof.actor
    with authority.database.read() as connection:
        person = rows.find(connection, Staff, actor.region, id=actor.staff_id)
        credential = rows.find(connection, Credential, actor.region, id=actor.staff_id)
    return (
        person is not None and person.state is StaffState.ACTIVE
        and credential is not None and credential.changed_at == proof.since
    )  # fmt: skip


def refuse_address(authority: Authority, address: str) -> None:
    """Raise LockedOut for an address from which too many tries failed of late, whoever they were for."""
    now = _wall.now()
    with authority.database.read() as connection:
        _refuse_when_locked(connection, None, address, now)


def note_failure(authority: Authority, login: str, address: str) -> None:
    """Count a failed try of somebody who gives no password, such as a program."""
    with authority.database.begin() as connection:
        signins.add_failure(
            connection, region=EVERYWHERE, failure_id=new_id(), login=login[:60], address=address, at=_wall.now()
        )


def synthetic(authority: Authority, region: str, who: str | int) -> Actor | None:
    """The demo person of a region by login or id; None where there is no such one, or she is a real person or disabled."""
    with authority.database.read() as connection:
        if isinstance(who, int):
            found = rows.find(connection, Staff, region, id=who)
        else:
            found = signins.staff_of_login(connection, normal_login(who))
    if found is None or found.region != region or not found.synthetic or found.state is not StaffState.ACTIVE:
        return None
    return _actor(found)


def _prove(
    authority: Authority, login: str, password: str, address: str, now: datetime
) -> tuple[Staff, Credential, int]:
    """(who, her credential, id of the try that was counted); NotSignedIn and LockedOut as `sign_in` says."""
    login = normal_login(login)
    try_id = new_id()
    with authority.database.begin() as connection:
        signins.lock_login(connection, login)
        _refuse_when_locked(connection, login, address, now)
        # Counted before the password is looked at, so that parallel guesses cannot slip through.
        signins.add_failure(connection, region=EVERYWHERE, failure_id=try_id, login=login, address=address, at=now)
        found = signins.staff_of_login(connection, login)
        credential = None if found is None else rows.find(connection, Credential, found.region, id=found.id)

    fits = _hasher.verify(password[:LONGEST_PASSWORD], credential.password_hash if credential else _nobodys_hash())
    if not fits or found is None or credential is None or found.state is not StaffState.ACTIVE:
        raise wrong_password()
    return found, credential, try_id


def sign_in_demo(authority: Authority, login: str, address: str) -> Session:
    """Open a session without a password; only for synthetic people, Unknown-like NotSignedIn for anybody else.

    That the installation is a demonstration on loopback is for the door to check (`decisions` 19).
    """
    now = _wall.now()
    with authority.database.read() as connection:
        found = signins.staff_of_login(connection, normal_login(login))
    if found is None or not found.synthetic or found.state is not StaffState.ACTIVE:
        raise NotSignedIn("没有这个演示人员。", "There is no such demo person.")
    return _open_session(authority, found, address, now, try_id=0)


def session(authority: Authority, token: str, *, touch: bool = True) -> Actor | None:
    """The officer whose session this is; None when it ended, expired, idled out or her account was disabled.

    `touch` keeps the session from idling out (written at most once a minute).
    """
    now = _wall.now()
    with authority.database.read() as connection:
        kept = signins.session_of_token(connection, _token_hash(token))
        if kept is None or kept.ended_at is not None or now >= kept.expires_at or now - kept.seen_at >= authority.idle:
            return None
        holder = rows.get(connection, Staff, kept.region, kept.staff_id)
    if holder.state is not StaffState.ACTIVE:
        return None
    if touch and now - kept.seen_at >= _SLIDE_EVERY:
        with authority.database.begin() as connection:
            rows.change(connection, kept, seen_at=now)
    return _actor(holder)


def sign_out(authority: Authority, token: str) -> None:
    """End the session; nothing happens when it is over already."""
    with authority.database.begin() as connection:
        kept = signins.session_of_token(connection, _token_hash(token))
        if kept is not None and kept.ended_at is None:
            rows.change(connection, kept, ended_at=_wall.now())
            _note(
                authority, connection, rows.get(connection, Staff, kept.region, kept.staff_id), "sign-out", kept.address
            )


def change_password(authority: Authority, actor: Actor, old: str, new: str, *, token: str | None = None) -> None:
    """Set another password and end the person's other sessions. NotSignedIn if the old one is wrong."""
    with authority.database.read() as connection:
        credential = rows.get(connection, Credential, actor.region, actor.staff_id)
    if not _hasher.verify(old[:LONGEST_PASSWORD], credential.password_hash):
        raise NotSignedIn("原密码不对。", "The old password is wrong.")
    hashed = hash_password(new, login=actor.login)
    with authority.database.begin() as connection:
        rows.change(connection, credential, password_hash=hashed, changed_at=_wall.now())
        kept = signins.session_of_token(connection, _token_hash(token)) if token else None
        signins.end_sessions(connection, actor.region, actor.staff_id, _wall.now(), but=kept.id if kept else None)
        _note(authority, connection, rows.get(connection, Staff, actor.region, actor.staff_id), "change-password", "")


def create_administrator(
    authority: Authority, login: str, name: str, password: str, *, synthetic: bool = False
) -> Actor:
    """The installation's first administrator, from the console. Refused once there is one."""
    login = normal_login(login)
    hashed = hash_password(password, login=login)
    with authority.database.begin() as connection:
        if signins.has_administrator(connection, EVERYWHERE):
            raise Refused("administrator-exists", "已有管理员,不能再次初始化。", "There is an administrator already.")
        if signins.staff_of_login(connection, login) is not None:
            raise InvalidInput("登录名已被使用。", "The login is taken.")
        office = Office(
            region=EVERYWHERE, id=new_id(), code="installation", name="系统管理", name_en="Installation",
            kind=OfficeKind.DISTRICT, parent_id=None, synthetic=synthetic,
        )  # fmt: skip
        person = Staff(
            region=EVERYWHERE, id=new_id(), name=name, login=login, state=StaffState.ACTIVE, synthetic=synthetic
        )
        rows.add(connection, office)
        rows.add(connection, person)
        rows.add(connection, Credential(region=EVERYWHERE, id=person.id, password_hash=hashed, changed_at=_wall.now()))
        rows.add(
            connection,
            Holding(
                region=EVERYWHERE, id=new_id(), staff_id=person.id, post=ADMINISTRATOR, office_id=office.id,
                from_on=authority.now().astimezone(authority.house.zone).date(), until_on=None,
            ),
        )  # fmt: skip
        audit.append(
            connection, authority.house.seal, region=EVERYWHERE, chain=audit.ADMINISTRATION, at=_wall.now(), actor_id=None,
            actor="console", capacity=Capacity.SYSTEM, verb="create-administrator", subject=f"staff:{person.id}",
        )  # fmt: skip
    return _actor(person)


def hash_password(password: str, *, login: str) -> str:
    """The argon2 hash to store; InvalidInput for a password that is too short, too long or the login itself."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise InvalidInput(
            f"密码长度应为 {SHORTEST_PASSWORD} 至 {LONGEST_PASSWORD} 位。",
            f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.",
        )
    if password.casefold() == login or len(set(password)) < 4:
        raise InvalidInput("密码过于简单。", "The password is too simple.")
    return _hasher.hash(password)


def normal_login(login: str) -> str:
    """A login as it is compared: one form of each character, small letters, no spaces around."""
    return unicodedata.normalize("NFKC", login).strip().casefold()[:60]


def _open_session(authority: Authority, found: Staff, address: str, now: datetime, *, try_id: int) -> Session:
    token = secrets.token_urlsafe(32)
    expires_at = now + authority.lifetime
    with authority.database.begin() as connection:
        signins.forget_failures(connection, found.login, try_id, now - ACCOUNT_WINDOW)
        signins.drop_old_sessions(connection, now)
        opened = StaffSession(
            region=found.region, id=new_id(), staff_id=found.id, token_hash=_token_hash(token), address=address,
            started_at=now, seen_at=now, expires_at=expires_at,
        )  # fmt: skip
        rows.add(connection, opened)
        _note(authority, connection, found, "sign-in", address)
    return Session(token=token, staff=_actor(found), expires_at=expires_at)


def _refuse_when_locked(connection: Connection, login: str | None, address: str, now: datetime) -> None:
    of_account, of_address = signins.failures(
        connection, login=login or "", login_since=now - ACCOUNT_WINDOW, address=address, address_since=now - ADDRESS_WINDOW
    )
    if login is not None and of_account >= FAILURES_PER_ACCOUNT:
        raise LockedOut(
            "登录失败次数过多,请 15 分钟后再试。",
            "Too many failed sign-ins: try again in 15 minutes.",
            wait=ACCOUNT_WINDOW,
        )
    if of_address >= FAILURES_PER_ADDRESS:
        raise LockedOut("尝试过于频繁,请 1 分钟后再试。", "Too many tries: try again in a minute.", wait=ADDRESS_WINDOW)


def _note(authority: Authority, connection: Connection, person: Staff, verb: str, address: str) -> None:
    now = _wall.now()
    audit.append(
        connection, authority.house.seal, region=person.region, at=now, actor_id=person.id, actor=person.name,
        chain=audit.views_chain(person.id, now.date().isoformat()), capacity=Capacity.SELF, verb=verb,
        subject=f"staff:{person.id}", payload={"address": address},
    )  # fmt: skip


def _actor(person: Staff) -> Actor:
    return Actor(staff_id=person.id, name=person.name, login=person.login, region=person.region)


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@cache
def _nobodys_hash() -> str:
    """What an unknown account's password is compared with, so that it takes the same time."""
    return _hasher.hash(secrets.token_urlsafe(32))
