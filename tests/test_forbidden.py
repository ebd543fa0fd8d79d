"""What must not stand in our sources, because it would run data as code, hide the clock, or leave something undone."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources import ROOT, Source, parse, sources

# Calls that turn text into code or a command line, by the dotted name that is called.
CODE_FROM_TEXT = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "os.system",
    "os.popen",
    "yaml.load",
    "yaml.full_load",
    "yaml.unsafe_load",
    "yaml.load_all",
    "etree.fromstring",
    "etree.XML",
    "etree.parse",
    "etree.iterparse",
    "ElementTree.fromstring",
    "minidom.parseString",
}
UNSAFE_MODULES = {"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "jsonpickle", "xml", "imp"}

# The one place that parses XML; its parser refuses DOCTYPE and resolves no entity.
XML_PLACE = "engine.xml"
# Only these read the wall clock; everything else is handed `now` or a clock. The heartbeat plans its waking in the machine's time.
CLOCK_PLACES = ("engine.clock", "engine.scheduler")
CLOCK_CALLS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "datetime.datetime.now"}
BINARY = {".png", ".pdf", ".ttf", ".otf", ".woff2", ".ico", ".sqlite"}
# Only the start-up reads the environment.
ENVIRONMENT_PLACES = ("api.settings", "api.__main__", "commands.client")


def code_from_text(source: Source) -> Iterator[str]:
    for call in _calls(source):
        name = ast.unparse(call.func)
        if name in CODE_FROM_TEXT and not (source.name == XML_PLACE and name.startswith("etree.")):
            yield f"{source.name}:{call.lineno} calls {name}"


def shells(source: Source) -> Iterator[str]:
    for call in _calls(source):
        for word in call.keywords:
            if word.arg == "shell" and not (isinstance(word.value, ast.Constant) and word.value.value is False):
                yield f"{source.name}:{call.lineno} starts a shell"


def unsafe_modules(source: Source) -> Iterator[str]:
    for found in source.imports():
        if found.name.split(".")[0] in UNSAFE_MODULES:
            yield f"{source.name}:{found.line} imports {found.name}"


def wall_clock(source: Source) -> Iterator[str]:
    if source.within(*CLOCK_PLACES):
        return
    for call in _calls(source):
        if ast.unparse(call.func) in CLOCK_CALLS:
            yield f"{source.name}:{call.lineno} reads the wall clock"


def environment(source: Source) -> Iterator[str]:
    if source.within(*ENVIRONMENT_PLACES):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute | ast.Call) and re.match(r"os\.(environ|getenv)\b", ast.unparse(node)):
            yield f"{source.name}:{node.lineno} reads the environment"
            return


def silent_excepts(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node) and _does_nothing(node):
            yield f"{source.name}:{node.lineno} swallows every exception"


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or ast.unparse(handler.type) in {"Exception", "BaseException"}


def _does_nothing(handler: ast.ExceptHandler) -> bool:
    return all(
        isinstance(statement, ast.Pass | ast.Continue)
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        for statement in handler.body
    )


def _calls(source: Source) -> Iterator[ast.Call]:
    return (node for node in ast.walk(source.tree) if isinstance(node, ast.Call))


CHECKS = [code_from_text, shells, unsafe_modules, wall_clock, environment, silent_excepts]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_nothing_forbidden_stands_in_the_product(check) -> None:
    complaints = [complaint for source in sources() for complaint in check(source)]

    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (code_from_text, "eval('1')"),
        (code_from_text, "def f(t):\n    return yaml.load(t)"),
        (code_from_text, "etree.fromstring(x)"),
        (shells, "subprocess.run('ls', shell=True)"),
        (shells, "subprocess.run('ls', shell=wanted)"),
        (unsafe_modules, "from pickle import loads"),
        (unsafe_modules, "import xml.etree.ElementTree"),
        (wall_clock, "now = datetime.now(tz=UTC)"),
        (environment, "home = os.environ['HOME']"),
        (environment, "home = os.getenv('HOME')"),
        (silent_excepts, "try:\n    f()\nexcept Exception:\n    pass"),
        (silent_excepts, "try:\n    f()\nexcept:\n    ..."),
    ],
)
def test_the_check_finds_a_planted_fault(check, text: str) -> None:
    assert len(list(check(parse("casework.planted", text)))) == 1


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"time\.sleep\(", "a test advances the clock instead of sleeping"),
        (r"\bunittest\.mock\b|\bMagicMock\b", "a test uses the real thing instead of a mock of our own"),
    ],
)
def test_the_tests_keep_their_own_rules(pattern: str, why: str) -> None:
    texts = {file: file.read_text("utf-8") for file in (ROOT / "tests").rglob("*.py") if file != Path(__file__)}

    assert {str(file.relative_to(ROOT)): why for file, text in texts.items() if re.search(pattern, text)} == {}


def tracked_texts(*globs: str) -> Iterator[tuple[str, str]]:
    """Every text file under version control that matches one of the globs, this one apart."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *globs], cwd=ROOT, capture_output=True, check=True, text=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        file = ROOT / name
        if file.suffix not in BINARY and file.is_file() and file != Path(__file__):
            yield name, file.read_text("utf-8")


@pytest.mark.parametrize(
    ("globs", "pattern"),
    [
        pytest.param([":!*lock.json"], r"\b(?:TODO|FIXME)\b", id="nothing is left for later"),
        pytest.param(["*lock.json"], r'"resolved":', id="no addresses in the npm lock"),
        pytest.param(
            ["requirements*.txt"], r"https?:|index-url|trusted-host|find-links", id="no addresses in requirements"
        ),
        pytest.param(["."], r"\b(?:pypi|npmjs|npmmirror|pythonhosted)\.(?:org|com)", id="no package registry is named"),
    ],
)
def test_no_tracked_file_breaks_the_rule(globs: list[str], pattern: str) -> None:
    found = {name: match.group() for name, text in tracked_texts(*globs) if (match := re.search(pattern, text))}

    assert found == {}


def test_every_pinned_requirement_has_a_hash() -> None:
    for name in ("requirements.txt", "requirements-test.txt"):
        pins = re.split(r"\n(?=[a-zA-Z])", (ROOT / name).read_text("utf-8"))[1:]

        assert pins
        assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == []
