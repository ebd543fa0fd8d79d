"""The rules of deployment as their pages in `docs/rules` say them; a release wheel carries the pages beside the code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PAGES = Path(__file__).parents[1] / "docs" / "rules"


@dataclass(frozen=True, slots=True)
class Rule:
    """One check: its id, and what is asked, in a sentence each."""

    id: str
    zh: str
    en: str


def read_rules(pages: Path = PAGES) -> list[Rule]:
    """All rules by id. The first lines of a page are its title, an empty line, Chinese, an empty line, English."""
    found = []
    for page in sorted(pages.glob("*.md"), key=lambda page: page.stem):
        if page.stem != "README":
            lines = page.read_text("utf-8").splitlines()
            found.append(Rule(page.stem, lines[2], lines[4]))
    return found
