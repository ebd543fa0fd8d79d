"""Settings: read once, complained about clearly, and documented."""

import re
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from api.settings import PREFIX, ClockMode, Settings, SettingsError

DOCUMENT = Path(__file__).parents[2] / "docs" / "settings.md"


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    documented = re.findall(r"^\| `(\w+)` \|", DOCUMENT.read_text("utf-8"), re.MULTILINE)

    assert documented == [PREFIX + field.name.upper() for field in fields(Settings)]


def test_an_empty_environment_means_sqlite_on_loopback_without_demo_people() -> None:
    settings = Settings.from_environment({"HOME": "/home/someone"})

    assert settings.database_url == f"sqlite:///{Path('var/yimen.sqlite').absolute()}"
    assert (settings.public_url, settings.loopback, settings.secure) == ("http://127.0.0.1:8080", True, False)
    assert (settings.clock, settings.demo) == (ClockMode.REAL, False)


def test_values_are_read_with_their_units() -> None:
    settings = Settings.from_environment(
        {
            "YIMEN_SESSION_LIFETIME": "8",
            "YIMEN_SESSION_IDLE": "15",
            "YIMEN_CLOCK": "manual",
            "YIMEN_DEMO": "yes",
            "YIMEN_PORT": " 9000 ",
            "YIMEN_DATA_DIR": "/srv/yimen",
        }
    )

    assert (settings.session_lifetime, settings.session_idle) == (timedelta(hours=8), timedelta(minutes=15))
    assert (settings.clock, settings.demo, settings.port) == (ClockMode.MANUAL, True, 9000)
    assert settings.key_file == Path("/srv/yimen/seal.key")


def test_a_plain_postgresql_url_gets_the_driver_that_we_install() -> None:
    settings = Settings.from_environment({"YIMEN_DATABASE_URL": "postgresql://u:p%40w@db/yimen"})

    assert settings.database_url == "postgresql+psycopg://u:p%40w@db/yimen"


def test_an_https_origin_makes_cookies_secure() -> None:
    assert Settings.from_environment({"YIMEN_PUBLIC_URL": "https://yimen.example.cn/"}).secure


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("YIMEN_PORT", "http", "a number from 1 to 65535"),
        ("YIMEN_PORT", "0", "a number from 1 to 65535"),
        ("YIMEN_PORT", "65536", "a number from 1 to 65535"),
        ("YIMEN_CLOCK", "fast", "real or manual"),
        ("YIMEN_DEMO", "perhaps", "1 or 0"),
        ("YIMEN_SESSION_LIFETIME", "25", "hours from 1 to 24"),
        ("YIMEN_SESSION_IDLE", "0", "minutes from 1 to 1440"),
        ("YIMEN_TIME_ZONE", "Mars/Olympus", "the IANA name of a time zone"),
        ("YIMEN_TABLE_FAULTS", "ignore", "warn or refuse"),
        ("YIMEN_DATABASE_URL", "mysql://db/yimen", "sqlite: or postgresql:"),
        ("YIMEN_PUBLIC_URL", "https://yimen.example.cn/sub", "without a path"),
    ],
)
def test_a_wrong_value_is_refused_with_its_variable_and_what_was_expected(name: str, value: str, expected: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({name: value})

    assert name in str(refused.value)
    assert expected in str(refused.value)
    assert repr(value) in str(refused.value)


def test_a_misspelt_name_is_refused_instead_of_leaving_a_default_in_force() -> None:
    with pytest.raises(SettingsError, match="YIMEN_DATABSE_URL: no such setting"):
        Settings.from_environment({"YIMEN_DATABSE_URL": "postgresql://db/yimen"})


def test_variables_of_the_tests_are_no_settings() -> None:
    assert Settings.from_environment({"YIMEN_TEST_POSTGRES": "postgresql://db"}) == Settings()


def test_a_refused_url_does_not_show_its_password() -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({"YIMEN_DATABASE_URL": "mysql://u:secret@db/yimen"})

    assert "secret" not in str(refused.value)
