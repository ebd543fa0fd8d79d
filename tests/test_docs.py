"""The pages for people point at things that exist."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.sources import PACKAGES, ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text("utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_readme_maps_every_package_of_the_wheel() -> None:
    built = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    readme = (ROOT / "README.md").read_text("utf-8")

    assert [name for name in built["packages"] if f"`{name}/`" not in readme] == []
    assert set(PACKAGES) <= set(built["packages"])
