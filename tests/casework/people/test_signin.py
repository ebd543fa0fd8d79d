"""Sign-in: the same answer for all who may not, a lock after failures, sessions that end."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from casework.errors import LockedOut, NotSignedIn, Refused
from casework.model.record import EVERYWHERE
from casework.people import organisation, signin
from casework.persistence.tables import credential, sign_in_failure, staff_session
from engine.errors import InvalidInput
from tests.casework.conftest import Town

PASSWORD = "correct horse"


@pytest.fixture
def login(town: Town) -> str:
    """An officer with a password."""
    with town.authority.system("test", region="JA") as act:
        organisation.add_staff(act, login="zhao", name="赵一", password_hash=signin.hash_password(PASSWORD, login="zhao"))
    return "zhao"


def test_name_and_password_open_a_session_and_the_token_is_nowhere_in_the_database(town: Town, login: str) -> None:
    opened = signin.sign_in(town.authority, " ZHAO ", PASSWORD, "10.0.0.1")

    assert signin.session(town.authority, opened.token) == opened.staff
    with town.authority.database.read() as connection:
        kept = connection.execute(select(staff_session.c.token_hash)).scalars().all()
        hashes = connection.execute(select(credential.c.password_hash)).scalars().all()
    assert opened.token not in kept
    assert all(text.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for text in hashes)


@pytest.mark.parametrize(("name", "password"), [("zhao", "wrong horse"), ("nobody", PASSWORD)])
def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(town: Town, login: str, name: str, password: str) -> None:
    with pytest.raises(NotSignedIn, match="姓名或密码不对"):
        signin.sign_in(town.authority, name, password, "10.0.0.1")


@pytest.mark.parametrize("name", ["zhao", "nobody"])
def test_five_failures_lock_an_account_whether_or_not_it_exists(town: Town, login: str, name: str) -> None:
    answers = []
    for _ in range(7):
        with pytest.raises((NotSignedIn, LockedOut)) as refused:
            signin.sign_in(town.authority, name, "wrong horse", "10.0.0.1")
        answers.append(refused.type)

    assert answers == [NotSignedIn] * 5 + [LockedOut] * 2


def test_a_locked_account_does_not_open_with_the_right_password(town: Town, login: str) -> None:
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            signin.sign_in(town.authority, login, "wrong horse", "10.0.0.1")

    with pytest.raises(LockedOut):
        signin.sign_in(town.authority, login, PASSWORD, "10.0.0.2")


def test_the_lock_opens_after_a_quarter_of_an_hour(town: Town, login: str) -> None:
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            signin.sign_in(town.authority, login, "wrong horse", "10.0.0.1")
    with town.authority.database.begin() as connection:
        for row in connection.execute(select(sign_in_failure)).all():
            earlier = row.at - timedelta(minutes=16)
            connection.execute(update(sign_in_failure).where(sign_in_failure.c.id == row.id).values(at=earlier))

    assert signin.sign_in(town.authority, login, PASSWORD, "10.0.0.1").staff.login == login


def test_an_address_that_tries_many_accounts_is_locked_out(town: Town) -> None:
    answers = []
    for n in range(31):
        with pytest.raises((NotSignedIn, LockedOut)) as refused:
            signin.sign_in(town.authority, f"guess-{n}", PASSWORD, "10.0.0.9")
        answers.append(refused.type)

    assert answers == [NotSignedIn] * 30 + [LockedOut]


def _signed_out(town: Town, token: str) -> None:
    signin.sign_out(town.authority, token)


def _idle(town: Town, token: str) -> None:
    with town.authority.database.begin() as connection:
        seen = connection.execute(select(staff_session.c.seen_at)).scalars().one()
        connection.execute(update(staff_session).values(seen_at=seen - timedelta(minutes=31)))


def _expired(town: Town, token: str) -> None:
    with town.authority.database.begin() as connection:
        seen = connection.execute(select(staff_session.c.seen_at)).scalars().one()
        connection.execute(update(staff_session).values(expires_at=seen - timedelta(seconds=1)))


def _disabled(town: Town, token: str) -> None:
    with town.authority.system("test", region="JA") as act:
        organisation.disable_staff(act, town.who("zhao", region="JA").staff_id)


@pytest.mark.parametrize("happens", [_signed_out, _idle, _expired, _disabled])
def test_a_session_is_over_at_once(town: Town, login: str, happens: Callable[[Town, str], None]) -> None:
    token = signin.sign_in(town.authority, login, PASSWORD, "10.0.0.1").token

    happens(town, token)

    assert signin.session(town.authority, token) is None


def test_another_password_ends_the_other_sessions(town: Town, login: str) -> None:
    here = signin.sign_in(town.authority, login, PASSWORD, "10.0.0.1")
    there = signin.sign_in(town.authority, login, PASSWORD, "10.0.0.2")

    signin.change_password(town.authority, here.staff, PASSWORD, "battery staple", token=here.token)

    assert signin.session(town.authority, there.token) is None
    assert signin.session(town.authority, here.token) is not None


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaa", "administrator"])
def test_a_weak_password_is_not_taken(password: str) -> None:
    with pytest.raises(InvalidInput):
        signin.hash_password(password, login="administrator")


def test_there_is_one_first_administrator(town: Town) -> None:
    with pytest.raises(Refused):
        signin.create_administrator(town.authority, "root", "管理员", "battery staple")


def test_only_synthetic_people_are_signed_in_without_a_password(town: Town, login: str) -> None:
    assert signin.sign_in_demo(town.authority, "admin", "127.0.0.1").staff.region == EVERYWHERE
    with pytest.raises(NotSignedIn):
        signin.sign_in_demo(town.authority, login, "127.0.0.1")
