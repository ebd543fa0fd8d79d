"""The statements behind sign-in: failures counted under a lock, sessions found by the hash of their token."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, text, update

from casework.model.people import Program, Staff, StaffSession
from casework.persistence import rows
from casework.persistence.tables import program, sign_in_failure, staff, staff_session


def lock_login(connection: Connection, login: str) -> None:
    """Let tries of one account come one after the other, so that parallel guesses are all counted."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("select pg_advisory_xact_lock(hashtextextended(:login, 0))"), {"login": f"sign-in:{login}"}
        )


def failures(
    connection: Connection, *, login: str, login_since: datetime, address: str, address_since: datetime
) -> tuple[int, int]:
    """Failed tries of an account and from an address since the given moments."""
    of_login = select(func.count()).where(sign_in_failure.c.login == login, sign_in_failure.c.at > login_since)
    of_address = select(func.count()).where(sign_in_failure.c.address == address, sign_in_failure.c.at > address_since)
    return connection.execute(of_login).scalar_one(), connection.execute(of_address).scalar_one()


def add_failure(
    connection: Connection, *, region: str, failure_id: int, login: str, address: str, at: datetime
) -> None:
    """Note a try that has not succeeded (yet)."""
    connection.execute(
        insert(sign_in_failure).values(region=region, id=failure_id, login=login, address=address, at=at)
    )


def forget_failures(connection: Connection, login: str, failure_id: int, before: datetime) -> None:
    """Forget an account's failures after a success, the try itself, and all that are older than `before`."""
    connection.execute(
        delete(sign_in_failure).where(
            (sign_in_failure.c.login == login) | (sign_in_failure.c.id == failure_id) | (sign_in_failure.c.at < before)
        )
    )


def staff_of_login(connection: Connection, login: str) -> Staff | None:
    """The staff member with that login, whichever region she works in."""
    row = connection.execute(select(staff.c.region, staff.c.id).where(staff.c.login == login)).one_or_none()
    return None if row is None else rows.get(connection, Staff, row.region, row.id)


def program_of_name(connection: Connection, name: str) -> Program | None:
    """The program of that name, ended or not, whichever region it acts in."""
    row = connection.execute(select(program.c.region, program.c.id).where(program.c.name == name)).one_or_none()
    return None if row is None else rows.get(connection, Program, row.region, row.id)


def all_programs(connection: Connection) -> list[Program]:
    """The programs of all regions, by name."""
    found = connection.execute(select(program.c.region, program.c.id).order_by(program.c.name)).all()
    return [rows.get(connection, Program, row.region, row.id) for row in found]


def is_taken(connection: Connection, login: str) -> bool:
    """Whether a person or a program goes by that name; both give theirs at the same door."""
    return staff_of_login(connection, login) is not None or program_of_name(connection, login) is not None


def session_of_token(connection: Connection, token_hash: str) -> StaffSession | None:
    """The session with that token's hash, ended or not."""
    query = select(staff_session.c.region, staff_session.c.id).where(staff_session.c.token_hash == token_hash)
    row = connection.execute(query).one_or_none()
    return None if row is None else rows.get(connection, StaffSession, row.region, row.id)


def end_sessions(connection: Connection, region: str, staff_id: int, at: datetime, *, but: int | None = None) -> None:
    """End all sessions of a staff member, except the one named."""
    query = update(staff_session).where(
        staff_session.c.region == region, staff_session.c.staff_id == staff_id, staff_session.c.ended_at.is_(None)
    )
    if but is not None:
        query = query.where(staff_session.c.id != but)
    connection.execute(query.values(ended_at=at))


def drop_old_sessions(connection: Connection, before: datetime) -> None:
    """Remove sessions that ended or expired long ago."""
    connection.execute(delete(staff_session).where(staff_session.c.expires_at < before - timedelta(days=1)))


def has_administrator(connection: Connection, region: str) -> bool:
    """Whether anybody can sign in in the region of the installation."""
    return connection.execute(select(staff.c.id).where(staff.c.region == region).limit(1)).one_or_none() is not None
