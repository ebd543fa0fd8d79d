"""`yimen client` makes, lists and ends the programs that may call; each is on record."""

import io
from pathlib import Path

import pytest

from api.main import open_authority
from api.settings import Settings
from casework import audit
from casework.errors import NotSignedIn
from casework.people import programs
from commands.__main__ import main


@pytest.fixture
def installation(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("YIMEN_DATABASE_URL", database_url)
    monkeypatch.setenv("YIMEN_DATA_DIR", str(tmp_path / "data"))
    return Settings(database_url=database_url.replace("postgresql://", "postgresql+psycopg://"), data_dir=tmp_path / "data")


def client(*words: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = main(["client", *words], out=out, err=err)
    return code, out.getvalue(), err.getvalue()


def secret_of(out: str) -> str:
    return next(line.split()[1] for line in out.splitlines() if line.startswith("client_secret"))


def test_a_client_is_made_listed_and_ended_and_each_is_on_record(installation: Settings) -> None:
    code, out, _ = client("add", "letters", "--scope", "work", "read")
    secret = secret_of(out)
    assert code == 0

    authority = open_authority(installation)
    assert programs.sign_in(authority, "letters", secret, "here").scopes == ("work", "read")
    listed = client("list")[1]
    assert ("letters" in listed, "work read" in listed, "active" in listed, secret in listed) == (True, True, True, False)

    assert client("end", "letters")[0] == 0
    with pytest.raises(NotSignedIn):
        programs.sign_in(authority, "letters", secret, "here")
    assert "ended" in client("list")[1]
    with authority.database.read() as connection:
        assert [entry.verb for entry in audit.entries(connection, "*")] == ["add-program", "end-program"]
        assert audit.verify(connection) == []
    authority.database.close()


def test_the_secret_is_kept_nowhere(installation: Settings) -> None:
    secret = secret_of(client("add", "letters", "--scope", "work")[1])

    authority = open_authority(installation)
    (kept,) = programs.everyone(authority)
    authority.database.close()
    assert secret not in repr(kept)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "L", "--scope", "work"], "cannot be a program's name"),
        (["add", "letters", "--scope", "work", "--region", "XX"], "no region XX"),
        (["add", "letters", "--scope", "deploy", "--region", "JA"], "in force everywhere"),
        (["end", "nobody"], "no program nobody"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(installation: Settings, words: list[str], said: str) -> None:
    code, out, err = client(*words)

    assert (code, out) == (1, "")
    assert said in err


def test_a_name_is_given_once(installation: Settings) -> None:
    assert client("add", "letters", "--scope", "work")[0] == 0

    assert "taken" in client("add", "letters", "--scope", "read")[2]


def test_no_program_is_given_the_tasks_of_people(installation: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        client("add", "letters", "--scope", "tasks")

    assert "tasks" in capsys.readouterr().err


def test_wrong_settings_are_said(installation: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIMEN_PORT", "http")

    assert (client("list")[0], "YIMEN_PORT" in client("list")[2]) == (2, True)
