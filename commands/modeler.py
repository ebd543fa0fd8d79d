"""`yimen modeler templates|plugin FOLDER`: what Camunda Modeler needs to know of us.

Element templates come from the catalogue and from an installation's own tables; put them in `.camunda/element-templates` beside or
above the diagrams. The lint plug-in marks in the Modeler what a deployment would refuse; put it in the Modeler's `resources/plugins`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TextIO

from casework import templates
from casework.administration import SHIPPED
from casework.deployed import BadTable
from commands import linting
from engine.model import Json

SUMMARY = "为 Camunda Modeler 生成元素模板与检查插件 / element templates and the lint plug-in for Camunda Modeler"


def describe(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    parser.add_argument("what", choices=["templates", "plugin"], help="元素模板,或检查插件 / which of the two")
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="写到哪里 / where they are written")
    parser.add_argument(
        "--tables", metavar="FOLDER", type=Path, default=SHIPPED,
        help="时限、台账、文书、文本表所在 / where the tables of clocks, ledgers, letters and texts are (the shipped ones)",
    )  # fmt: skip


def run(asked: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Write the files and name them; 0 when it is done, 2 where a folder or a table cannot be used."""
    try:
        files = element_templates(asked.tables) if asked.what == "templates" else linting.plugin()
        for name, text in files.items():
            file = asked.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
            out.write(f"{file}\n")
    except BadTable as bad:
        err.write(f"{bad.zh} {bad.en}\n")
        return 2
    except OSError as error:
        err.write(f"写不了 / cannot write {error.filename}: {error.strerror}\n")
        return 2
    return 0


def element_templates(tables: Path = SHIPPED) -> dict[str, str]:
    """The files of element templates by name; `tables` is searched for the tables whose codes are offered."""
    known = templates.read_tables(tables)
    return {
        "camunda-8.json": _text(templates.camunda_8(known)),
        "camunda-7.json": _text(templates.camunda_7(known)),
    }


def _text(found: list[dict[str, Json]]) -> str:
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"
