"""`yimen client add|list|end`: other systems that may call this installation as themselves.

Works on the database that the settings name (docs/settings.md), so it is run where the server runs. A secret is printed once,
when its client is made; the installation keeps a hash of it only.
"""

from __future__ import annotations

import argparse
import os
from typing import TextIO

from api.main import open_authority
from api.settings import Settings, SettingsError
from casework.authority import Authority
from casework.model.people import Program, Scope
from casework.model.record import EVERYWHERE
from casework.people import programs
from engine.errors import CallerError
from engine.persistence.migrate import upgrade

SUMMARY = "管理接入的程序 / programs of others that may call"
_SCOPES = [scope.value for scope in Scope if scope is not Scope.TASKS]


def describe(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    asked = parser.add_subparsers(dest="what", required=True)
    add = asked.add_parser("add", help="新增,密钥只显示一次 / make one; its secret is shown once")
    add.add_argument("name", metavar="NAME")
    add.add_argument(
        "--scope", nargs="+", required=True, choices=_SCOPES, metavar="SCOPE", help="权限 / " + ", ".join(_SCOPES)
    )
    add.add_argument("--region", default=EVERYWHERE, help="地区代码,缺省为全部 / code of its region; all without it")
    asked.add_parser("list", help="列出 / list them")
    end = asked.add_parser("end", help="停用,立即生效 / end one, at once")
    end.add_argument("name", metavar="NAME")


def run(asked: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Do what was asked; 0 when it is done, 1 where it was refused, 2 where the settings are wrong."""
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as wrong:
        err.write(f"{wrong}\n")
        return 2
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    upgrade(settings.database_url)
    authority = open_authority(settings)
    try:
        _do(authority, asked, out)
    except CallerError as refused:
        err.write(f"{refused.zh} {refused.en}\n")
        return 1
    finally:
        authority.database.close()
    return 0


def _do(authority: Authority, asked: argparse.Namespace, out: TextIO) -> None:
    match asked.what:
        case "add":
            made, secret = programs.add(authority, asked.name, scopes=map(Scope, asked.scope), region=asked.region)
            out.write(f"client_id      {made.name}\nclient_secret  {secret}\n")
            out.write("密钥只显示这一次。 The secret is shown this once.\n")
        case "list":
            for program in programs.everyone(authority):
                out.write(f"{_row(program)}\n")
        case "end":
            programs.end(authority, asked.name)
            out.write(f"已停用 {asked.name}。 {asked.name} is ended.\n")


def _row(program: Program) -> str:
    state = f"停用 ended {program.ended_at:%Y-%m-%d}" if program.ended_at else "可用 active"
    return f"{program.name:<24} {program.region:<16} {' '.join(program.scopes):<40} {program.made_at:%Y-%m-%d}  {state}"
