"""What an installation may choose: read once from the environment at start-up, and nowhere else.

Each field of `Settings` is the environment variable `YIMEN_<FIELD>` in capitals. docs/settings.md lists them all; a test keeps
the two equal.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PREFIX = "YIMEN_"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class TableFaults(StrEnum):
    """What becomes of files whose decision tables have gaps, overlaps, contradictions or rules without effect."""

    WARN = "warn"
    REFUSE = "refuse"


class ClockMode(StrEnum):
    """Which clock drives timers and legal clocks."""

    REAL = "real"
    MANUAL = "manual"


class CamundaAccess(StrEnum):
    """Whether callers of the Camunda doors (/v2, /engine-rest) must say who they are."""

    NONE = "none"
    REQUIRED = "required"


class SettingsError(ValueError):
    """A variable of the environment holds what the setting cannot be. The installation's mistake; nothing was started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The choices of one installation; the same on all nodes over one database, `host` and `port` apart."""

    data_dir: Path = Path("var")
    """Folder for what is not in the database: uploaded and issued documents, the key file, and the SQLite file."""

    database_url: str = ""
    """SQLAlchemy URL, `sqlite:///…` or `postgresql+psycopg://…`; empty: the file yimen.sqlite in `data_dir`."""

    key_file: Path = Path()
    """File with the key that seals personal numbers; empty: seal.key in `data_dir`, made on first use. Losing it loses them."""

    host: str = "127.0.0.1"
    """Address to listen on. Anything but loopback belongs behind a proxy that speaks https."""

    port: int = 8080
    """TCP port to listen on, 1 to 65535."""

    public_url: str = ""
    """Origin under which people reach the product, such as https://yimen.example.cn; empty: http://host:port. With https the cookies are Secure."""

    clock: ClockMode = ClockMode.REAL
    """`real`, or `manual`: time stands still until PUT /v2/clock moves it. For trials and tests only."""

    demo: bool = False
    """Load the demo authority with synthetic people into an empty database; on loopback the sign-in page then offers them."""

    session_lifetime: timedelta = timedelta(hours=12)
    """Hours until a person has to sign in again, at work or not; 1 to 24."""

    session_idle: timedelta = timedelta(minutes=30)
    """Minutes without a request until a person has to sign in again; 1 to 1440."""

    table_faults: TableFaults = TableFaults.WARN
    """What the analysis finds in the decision tables of an administrator's files: `warn`, or `refuse` to take them into use."""

    time_zone: str = "Asia/Shanghai"
    """IANA name of the zone in which days begin and end: working days, dates on letters, timers without an offset."""

    camunda_access: CamundaAccess | None = None
    """`required`, or `none`: callers of /v2 and /engine-rest without credentials act as the program `demo`. Unset: `none` for a demonstration on loopback, else `required`."""

    default_region: str = ""
    """Region that stands for the tenant `<default>` where somebody of the installation calls /v2 or /engine-rest; empty: the only one there is."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read every `YIMEN_` variable; an unset or empty one means the default.

        Raises `SettingsError` naming the variable, what was expected and what was found; also for a `YIMEN_` variable that is
        no setting, since a misspelt name would silently leave a default in force. `YIMEN_TEST_…` belongs to the tests.
        """
        known = {PREFIX + field.name.upper(): field.name for field in fields(cls)}
        given = {
            name: value.strip()
            for name, value in environment.items()
            if name.startswith(PREFIX) and not name.startswith(PREFIX + "TEST_") and value.strip()
        }
        if unknown := sorted(given.keys() - known.keys()):
            raise SettingsError(f"{', '.join(unknown)}: no such setting; there are {', '.join(sorted(known))}")
        return cls(**{known[name]: _read(name, known[name], value) for name, value in given.items()})

    def __post_init__(self) -> None:
        """Fill in the fields whose default is made from others."""
        if not self.database_url:
            file = (self.data_dir / "yimen.sqlite").absolute()
            object.__setattr__(self, "database_url", f"sqlite:///{file}")
        if self.key_file == Path():
            object.__setattr__(self, "key_file", self.data_dir / "seal.key")
        if not self.public_url:
            host = f"[{self.host}]" if ":" in self.host else self.host
            object.__setattr__(self, "public_url", f"http://{host}:{self.port}")
        if self.camunda_access is CamundaAccess.NONE and not (self.demo and self.loopback):
            raise SettingsError("YIMEN_CAMUNDA_ACCESS: none is for a demonstration on loopback only")

    @property
    def loopback(self) -> bool:
        """Only this machine can reach the server."""
        return self.host in LOOPBACK

    @property
    def asks_credentials(self) -> bool:
        """Callers of the Camunda doors must say who they are."""
        at_a_desk = self.demo and self.loopback
        return not at_a_desk if self.camunda_access is None else self.camunda_access is CamundaAccess.REQUIRED

    @property
    def secure(self) -> bool:
        """People come by https, so cookies are marked Secure."""
        return self.public_url.startswith("https://")

    @property
    def zone(self) -> ZoneInfo:
        """The zone of `time_zone`."""
        return ZoneInfo(self.time_zone)


def _read(variable: str, field: str, value: str) -> Any:
    reader, expected = _READERS.get(field, (str, "text"))
    try:
        return reader(value)
    except (ValueError, ZoneInfoNotFoundError) as error:
        shown = re.sub("//[^/]*@", "//…@", value)  # a password in a URL must not reach a log
        raise SettingsError(f"{variable}: expected {expected}, found {shown!r}") from error


def _port(value: str) -> int:
    return _within(int(value), 1, 65535)


def _yes_or_no(value: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if value.lower() not in words:
        raise ValueError(value)
    return words[value.lower()]


def _database_url(value: str) -> str:
    scheme = urlsplit(value).scheme
    if scheme not in {"sqlite", "postgresql", "postgresql+psycopg"}:
        raise ValueError(value)
    return value.replace("postgresql://", "postgresql+psycopg://", 1)


def _public_url(value: str) -> str:
    parts = urlsplit(value)
    if (
        parts.scheme not in {"http", "https"}
        or not parts.netloc
        or parts.path.strip("/")
        or parts.query
        or parts.fragment
    ):
        raise ValueError(value)
    return f"{parts.scheme}://{parts.netloc}"


def _region(value: str) -> str:
    if not re.fullmatch(r"[A-Z0-9]{1,16}", value):
        raise ValueError(value)
    return value


def _zone(value: str) -> str:
    ZoneInfo(value)
    return value


def _within(number: int, low: int, high: int) -> int:
    if not low <= number <= high:
        raise ValueError(number)
    return number


_READERS: dict[str, tuple[Callable[[str], Any], str]] = {
    "data_dir": (Path, "a folder"),
    "database_url": (_database_url, "a URL that begins with sqlite: or postgresql:"),
    "key_file": (Path, "a file"),
    "port": (_port, "a number from 1 to 65535"),
    "public_url": (_public_url, "an origin such as https://yimen.example.cn, without a path"),
    "clock": (ClockMode, "real or manual"),
    "table_faults": (TableFaults, "warn or refuse"),
    "demo": (_yes_or_no, "1 or 0"),
    "session_lifetime": (lambda value: timedelta(hours=_within(int(value), 1, 24)), "hours from 1 to 24"),
    "session_idle": (lambda value: timedelta(minutes=_within(int(value), 1, 1440)), "minutes from 1 to 1440"),
    "camunda_access": (CamundaAccess, "none or required"),
    "default_region": (_region, "the code of a region: capital letters and digits"),
    "time_zone": (_zone, "the IANA name of a time zone"),
}
