"""Masks of personal data: what is left of a value for who may not see it plain (procedures, section 8.3).

Pure functions by M-code. Who may see plain is a table of posts; a mask that is not in it hides the value altogether.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Json = Any
HIDDEN = "****"
CASE_POSTS = frozenset({
    "window-clerk", "case-handler", "survey-officer", "verification-officer", "township-office-head", "deputy-leader",
    "township-leader", "fund-officer", "archivist", "district-section", "district-section-head", "district-leader", "supervisor",
})  # fmt: skip
"""Posts of the office in charge and above it; village posts and other departments are not among them (8.2)."""

SEES_PLAIN: Mapping[str, frozenset[str]] = {
    "M-NAME": CASE_POSTS | {"village-assistant", "grid-worker", "liaison", "village-head"},
    "M-ID": frozenset({"window-clerk", "case-handler", "verification-officer"}),
    "M-PHONE": CASE_POSTS | {"village-assistant"},
    "M-BANK": frozenset({"fund-officer"}),
    "M-ADDR": CASE_POSTS | {"village-assistant", "grid-worker"},
    "M-HEALTH": frozenset({
        "survey-officer", "case-handler", "deputy-leader", "township-leader", "district-leader", "district-section-head",
    }),
    "M-MONEY": CASE_POSTS,
    "M-REL": frozenset({"township-office-head", "supervisor", "district-section", "district-section-head"}),
}  # fmt: skip

_COMPOUND_SURNAMES = frozenset({
    "欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫", "万俟", "闻人", "夏侯", "诸葛", "尉迟", "公羊", "赫连", "澹台",
    "皇甫", "宗政", "濮阳", "公冶", "太叔", "申屠", "公孙", "慕容", "仲孙", "钟离", "长孙", "宇文", "司徒", "鲜于", "司空", "闾丘",
    "子车", "亓官", "司寇", "巫马", "公西", "颛孙", "壤驷", "公良", "漆雕", "乐正", "宰父", "谷梁", "拓跋", "夹谷", "轩辕", "令狐",
    "段干", "百里", "呼延", "东郭", "南门", "羊舌", "微生", "梁丘", "左丘", "东门", "西门",
})  # fmt: skip
_HOUSE_NUMBER = re.compile(r"[0-90-9一二三四五六七八九十百千甲乙丙丁]*\d[\d\-—#号栋幢单元室层楼弄巷A-Za-z]*.*$")
_HEALTH_CLASSES = ("因残", "因病")


def mask(code: str, value: Json) -> Json:
    """The masked value; None and empty stay as they are, an unknown code hides everything."""
    if value is None or value in ("", []):
        return value
    if isinstance(value, list):
        return [mask(code, one) for one in value]
    if isinstance(value, dict):
        return {name: mask(code, one) for name, one in value.items()}
    rule = _RULES.get(code)
    return rule(str(value)) if rule else HIDDEN


def for_posts(code: str, value: Json, posts: Iterable[str]) -> Json:
    """The value as somebody with these posts may see it."""
    return value if SEES_PLAIN.get(code, frozenset()) & set(posts) else mask(code, value)


def fields_for_posts(values: Mapping[str, Json], codes: Mapping[str, str], posts: Iterable[str]) -> dict[str, Json]:
    """Many named values; `codes` gives the mask of a name, a name without one is shown."""
    held = frozenset(posts)
    return {name: for_posts(codes[name], value, held) if name in codes else value for name, value in values.items()}


def name(text: str) -> str:
    """Surname and 某; surnames of two characters are known."""
    surname = 2 if text[:2] in _COMPOUND_SURNAMES and len(text) > 2 else 1
    return text[:surname] + "某"


def identity(text: str) -> str:
    """First three and last two characters."""
    return _middle(text, 3, 2)


def phone(text: str) -> str:
    """First three and last four digits."""
    return _middle(text, 3, 4)


def bank(text: str) -> str:
    """The last four digits."""
    return _middle(text, 0, 4)


def address(text: str) -> str:
    """Village or community and group, without house, building and room."""
    return _HOUSE_NUMBER.sub("", text) or HIDDEN


def health(text: str) -> str:
    """The class of the cause only, never a diagnosis."""
    return next((kind for kind in _HEALTH_CLASSES if kind[1] in text), HIDDEN)


def _middle(text: str, head: int, tail: int) -> str:
    """Too short a text would show itself: then nothing of it is left."""
    hidden = len(text) - head - tail
    return HIDDEN if hidden < 2 else text[:head] + "*" * hidden + text[len(text) - tail :]


def _hidden(_text: str) -> str:
    return HIDDEN


_RULES: Mapping[str, Callable[[str], str]] = {
    "M-NAME": name,
    "M-ID": identity,
    "M-PHONE": phone,
    "M-BANK": bank,
    "M-ADDR": address,
    "M-HEALTH": health,
    "M-MONEY": _hidden,
    "M-REL": _hidden,
}
