"""`python -m tests.betsy`: plays the suite and writes the outcomes; reasons that stand there already are kept."""

import json
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from sqlalchemy import make_url

from tests.betsy import player
from tests.betsy.adapter import DIALECTS
from tests.betsy.suite import OUTCOMES, cases, outcomes
from tests.conftest import _create_tables


def main(dialects: list[str]) -> None:
    kept = outcomes() if OUTCOMES.exists() else {}
    rows, counts = [], Counter[tuple[str, str]]()
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template.sqlite"
        _create_tables(make_url(f"sqlite:///{template}"))
        for dialect in DIALECTS:
            for case in cases():
                row = kept.get((dialect, case.id), {})
                if dialect in dialects:
                    file = Path(folder) / f"{dialect}-{case.name}-{case.number}.sqlite"
                    shutil.copyfile(template, file)
                    try:
                        result, why = player.result(
                            f"sqlite:///{file}", case, DIALECTS[dialect](case.model), forget=True
                        )
                    except Exception as error:  # noqa: BLE001 - one broken case must not hide the outcomes of the others
                        result, why = "broken", repr(error)
                    reason = row.get("reason") or why if result != "pass" else ""
                    row = {"dialect": dialect, "case": case.id, "result": result, "reason": reason}
                    counts[dialect, result] += 1
                    if result != "pass":
                        print(dialect, case.id, result, why, list(case.expected))
                rows.append(row)
    OUTCOMES.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows if row), "utf-8")
    print(counts)


if __name__ == "__main__":
    main(sys.argv[1:] or list(DIALECTS))
