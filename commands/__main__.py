"""`yimen`, and `python -m commands`: finds the subcommand and lets it work.

Exit codes of every subcommand: 0 all is well, 1 what was asked about is not, 2 the question could not be answered.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Protocol, TextIO

from commands import check, client, dmn, feel, modeler


class Command(Protocol):
    """What a module of a subcommand offers."""

    @property
    def SUMMARY(self) -> str:  # noqa: N802 - a constant of the module
        """One line for the list of subcommands."""

    def describe(self, parser: argparse.ArgumentParser, /) -> None:
        """Add its arguments."""

    def run(self, asked: argparse.Namespace, out: TextIO, err: TextIO, /) -> int:
        """Do its work; the exit code."""


_COMMANDS: Mapping[str, Command] = {"check": check, "feel": feel, "dmn": dmn, "client": client, "modeler": modeler}


def main(arguments: Sequence[str] | None = None, *, out: TextIO | None = None, err: TextIO | None = None) -> int:
    """Carry out one command line; `arguments` without the program's name, None for the process's own."""
    parser = argparse.ArgumentParser(prog="yimen", description="一门 Yimen: tools for designers and administrators.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, module in _COMMANDS.items():
        module.describe(commands.add_parser(name, help=module.SUMMARY, description=module.SUMMARY))
    asked = parser.parse_args(arguments)
    return _COMMANDS[asked.command].run(asked, out or sys.stdout, err or sys.stderr)


def console() -> None:
    """The entry point of the console script. Whoever reads its output may stop reading (`| head`)."""
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that the last flush has somewhere to go
        code = 1
    sys.exit(code)


if __name__ == "__main__":
    console()
