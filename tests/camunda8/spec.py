"""Camunda's own description of the API, as it comes with the SDK's source distribution; fetched when it is first needed.

Its licence forbids us to keep a copy in the repository. pip fetches the distribution of the very version that the tests use,
checks it against the hash that stands in requirements-test.txt, and it stays in `var/`. Offline and not fetched yet: the tests
that need it say so and are skipped, but never in CI (`YIMEN_TEST_SPEC=required`).
"""

import copy
import functools
import hashlib
import os
import re
import subprocess
import sys
import tarfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.routing import APIRoute

from api.camunda8 import ROUTERS

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "var" / "camunda-spec"
MEMBER = "generated/bundled_spec.yaml"
METHODS = ("get", "post", "put", "patch", "delete")
DISTRIBUTION = "camunda-orchestration-sdk"

Spec = dict[str, Any]
Operation = tuple[str, str]


class Unreachable(Exception):
    """The distribution lies nowhere here, and could not be fetched."""


@functools.cache
def spec() -> Spec:
    """The description, as it is."""
    number = version(DISTRIBUTION)
    file = KEPT / f"{DISTRIBUTION.replace('-', '_')}-{number}.tar.gz"
    if not file.exists():
        _fetch(number)
    if hashlib.sha256(file.read_bytes()).hexdigest() not in _hashes(number):
        raise ValueError(f"{file} has none of the hashes in requirements-test.txt")
    with tarfile.open(file) as archive:
        name = next(each for each in archive.getnames() if each.endswith(MEMBER))
        text = archive.extractfile(name)
        assert text is not None  # it is a file
        loaded: Spec = yaml.load(text.read(), Loader=yaml.CSafeLoader)
    return loaded


def needed() -> Spec:
    """The description; the test is skipped where it cannot be had, unless `YIMEN_TEST_SPEC` says that it must be there."""
    try:
        return spec()
    except Unreachable as reason:
        if os.environ.get("YIMEN_TEST_SPEC") == "required":
            raise
        pytest.skip(str(reason))


def operations() -> dict[Operation, dict[str, Any]]:
    """(METHOD, path) -> operation, for all that the API describes; paths without `/v2`."""
    return {
        (method.upper(), path): item[method]
        for path, item in needed()["paths"].items()
        for method in METHODS
        if method in item
    }


def served() -> dict[Operation, APIRoute]:
    """(METHOD, path) -> route, for all that the application answers under /v2; paths as the description spells them."""
    named = {_anonymous(path): path for _, path in operations()}
    found = {}
    for route in (each for router in ROUTERS for each in router.routes):
        if isinstance(route, APIRoute):
            path = route.path.removeprefix("/v2")
            for method in route.methods:
                found[method, named.get(_anonymous(path), path)] = route
    return found


def only(kept: set[Operation]) -> Spec:
    """The description with these operations alone."""
    narrowed = copy.deepcopy(needed())
    for path, item in list(narrowed["paths"].items()):
        for method in METHODS:
            if method in item and (method.upper(), path) not in kept:
                del item[method]
        if not any(method in item for method in METHODS):
            del narrowed["paths"][path]
    return narrowed


def _anonymous(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def _fetch(number: str) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    # pip asks a source distribution for its name before it hands it out, and fetches what that takes.
    wanted = [f"{DISTRIBUTION}=={number}", "--no-deps", "--no-binary", ":all:", "--dest", str(KEPT)]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", *wanted],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Unreachable(f"the source distribution of {DISTRIBUTION} {number} could not be fetched: {last}")


def _hashes(number: str) -> set[str]:
    """The hashes of the distribution's files that are pinned."""
    text = (ROOT / "requirements-test.txt").read_text("utf-8")
    block = text[text.index(f"{DISTRIBUTION}=={number}") :].split("\n", 3)
    return set(re.findall(r"sha256:([0-9a-f]{64})", "\n".join(block[:3])))
