"""The same request twice: one effect and one answer, also when both come at once."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from casework import answers
from casework.act import Actor
from casework.answers import KeyReused
from casework.authority import Authority
from casework.model.outgoing import Answer
from casework.people import signin
from casework.persistence import rows
from casework.seal import Seal
from engine.persistence import Database

KEY = "6f1f2c"
DIGEST = "d" * 64


@pytest.fixture
def authority(database_url: str, tmp_path: Path) -> Iterator[Authority]:
    database = Database(database_url)
    yield Authority(database, seal=Seal(Seal.new_key()), files=tmp_path / "files")
    database.close()


@pytest.fixture
def actor(authority: Authority) -> Actor:
    return signin.create_administrator(authority, "root", "管理员", "a good password 一")


def act_once(authority: Authority, actor: Actor, body: bytes, *, key: str = KEY, digest: str = DIGEST) -> bytes:
    """Do an act whose answer is `body` under a key, or give the answer that the key had before."""
    with authority.act(actor) as act:
        earlier = answers.begin(act, key, digest)
        if earlier is not None:
            return earlier.body or b""
        answers.keep(act, key, status=200, body=body)
        return body


def test_a_repeated_request_gets_the_first_answer(authority: Authority, actor: Actor) -> None:
    assert act_once(authority, actor, b"first") == b"first"

    assert act_once(authority, actor, b"second") == b"first"


def test_a_key_belongs_to_one_person(authority: Authority, actor: Actor) -> None:
    other = Actor(staff_id=actor.staff_id + 1, name="", login="other", region=actor.region)
    act_once(authority, actor, b"hers")

    assert act_once(authority, other, b"his") == b"his"


def test_a_key_that_comes_with_another_request_is_refused(authority: Authority, actor: Actor) -> None:
    act_once(authority, actor, b"first")

    with pytest.raises(KeyReused):
        act_once(authority, actor, b"second", digest="e" * 64)


def test_an_act_that_fails_leaves_its_key_free(authority: Authority, actor: Actor) -> None:
    with pytest.raises(RuntimeError), authority.act(actor) as act:
        answers.begin(act, KEY, DIGEST)
        raise RuntimeError("the step failed")

    assert act_once(authority, actor, b"second try") == b"second try"


def test_of_two_at_once_one_acts_and_the_other_gets_its_answer(authority: Authority, actor: Actor) -> None:
    start, given = threading.Barrier(2), []

    def ask(body: bytes) -> None:
        start.wait(10)
        given.append(act_once(authority, actor, body))

    threads = [threading.Thread(target=ask, args=(body,)) for body in (b"one", b"two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(given) == 2
    assert len(set(given)) == 1


def test_answers_are_forgotten_after_a_day(authority: Authority, actor: Actor) -> None:
    act_once(authority, actor, b"old", key="old")
    with authority.database.begin() as connection:
        kept = rows.find(connection, Answer, actor.region, key=f"{actor.staff_id}:old")
        assert kept is not None
        rows.change(connection, kept, at=kept.at - answers.LIFETIME - timedelta(seconds=1))

    act_once(authority, actor, b"new", key="new")

    assert act_once(authority, actor, b"again", key="old") == b"again"
