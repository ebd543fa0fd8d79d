"""Writes docs/bpmn-coverage.md from the rows and the vocabularies: `python -m tests.coverage`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.parsing.camunda7_words import CAMUNDA_7_WORDS
from engine.parsing.camunda8_words import CAMUNDA_8_WORDS
from engine.parsing.elements import BPMN_TAGS, chinese_name
from engine.parsing.survey import Vocabulary
from tests.coverage.matrix import PLACES, TABLE
from tests.coverage.refused import REFUSED
from tests.coverage.rows import REFUSED_TAGS, SECTIONS, event_evidence
from tests.coverage.words import CAMUNDA_7, CAMUNDA_7_ATTRIBUTES, CAMUNDA_8, REFUSED_8
from tests.sources import ROOT

PAGE = ROOT / "docs" / "bpmn-coverage.md"
_TRIGGERS = {
    "none": "无", "message": "消息", "timer": "定时", "signal": "信号", "conditional": "条件", "error": "错误", "escalation": "升级",
    "compensation": "补偿", "cancel": "取消", "link": "链接", "terminate": "终止", "multiple": "多重", "parallelMultiple": "并行多重",
}  # fmt: skip
_PLACES = {
    "process start": "流程开始",
    "event sub-process": "事件子流程",
    "event sub-process, non-interrupting": "事件子流程,不中断",
    "intermediate catch": "中间捕获",
    "boundary": "边界",
    "boundary, non-interrupting": "边界,不中断",
    "intermediate throw": "中间抛出",
    "end": "结束",
}

_HEAD = """# BPMN 覆盖表 / BPMN coverage

由测试生成:`python -m tests.coverage`;与测试不符时,测试失败。每一行都有证明它的测试;**支持**的会照 Camunda 的做法执行,**拒绝**的在部署时按[规则](rules/README.md)指名。
表中没有的内容,部署时一律拒绝。

Generated from the tests by `python -m tests.coverage`; a test fails when it is stale. Every row has the test that shows it: what is
**supported** is carried out as Camunda does it, what is **refused** is named at deployment by a [rule](rules/README.md). Whatever is not in
these tables is refused, too.

测试以 `tests/` 下的路径写出;`betsy:` 是公共一致性测试集 betsy 的案例。Tests are named by their path below `tests/`; `betsy:` is a case of the
public conformance suite betsy.
"""


def page() -> str:
    """The whole page."""
    parts = [_HEAD]
    for zh, en, rows in SECTIONS:
        parts.append(f"## {zh} {en}\n")
        parts.append("| 内容 what | Camunda 8 | Camunda 7 |\n| --- | --- | --- |")
        parts.extend(f"| {row.zh} {row.en} | {_shown(row.camunda8)} | {_shown(row.camunda7)} |" for row in rows)
        parts.append("")
        if en == "Events":
            parts.extend(_events())
    parts.append("## 一律拒绝的元素 Elements that are refused\n")
    parts.append(
        "由 `coverage/test_refused.py` 逐个证明。Shown one by one by `coverage/test_refused.py`: "
        + "、".join(f"{chinese_name(tag)} `{tag}`" for tag in REFUSED_TAGS)
        + "\n"
    )
    parts.extend(_words("zeebe", "Camunda 8", CAMUNDA_8_WORDS, CAMUNDA_8))
    parts.append("| 拒绝的词 refused word | 结果 |\n| --- | --- |")
    parts.extend(f"| `{word}` | {_shown('!' + name)} |" for word, name in REFUSED_8.items())
    parts.append("")
    parts.extend(_words("camunda", "Camunda 7", CAMUNDA_7_WORDS, CAMUNDA_7))
    parts.extend(_attributes())
    parts.extend(_tags())
    return "\n".join(parts)


def _shown(evidence: str) -> str:
    if evidence.startswith("!"):
        name, _, test = evidence[1:].partition("@")
        rule = name if test else REFUSED[name].rule
        shown = test or f"coverage/test_refused.py::test_it_is_refused_by_its_rule[{name}]"
        linked = f"[{rule}](rules/{rule}.md)" if (ROOT / "docs" / "rules" / f"{rule}.md").exists() else rule
        return f"拒绝 refused: {linked} · `{shown}`"
    return f"支持 · `{evidence}`"


def _events() -> Iterable[str]:
    yield "每个触发在 BPMN 2.0 允许的每个位置(表 10.93),两种方言各有一个测试。Each trigger at each place where BPMN 2.0 (table 10.93) has it;"
    yield "one test for each dialect: `coverage/test_event_matrix.py`. ✓ 支持 supported, ✗ 拒绝 refused, 空白 not in BPMN, refused.\n"
    yield "| | " + " | ".join(f"{_PLACES[place]} {place}" for place in PLACES) + " |"
    yield "| --- |" + " --- |" * len(PLACES)
    for trigger in TABLE:
        yield f"| {_TRIGGERS[trigger]} {trigger} | " + " | ".join(_mark(trigger, place) for place in PLACES) + " |"
    yield ""


def _mark(trigger: str, place: str) -> str:
    evidence = event_evidence("camunda8", trigger, place)
    if evidence is None:
        return ""
    return f"✗ {evidence[1:].partition('@')[0]}" if evidence.startswith("!") else "✓"


def _words(prefix: str, dialect: str, words: Vocabulary, evidence: Mapping[str, str]) -> Iterable[str]:
    yield f"## {dialect}:扩展元素 Extension elements\n"
    yield "| 词 word | 名称 | 属性 attributes | 在 on | 测试 test |\n| --- | --- | --- | --- | --- |"
    for word in evidence:
        tag = words.tags[word]
        hosts = sorted(host for host, inside in words.extensions.items() if word in inside)
        listed = ", ".join(f"`{name}`" for name in sorted({*tag.attributes, *tag.fixed}))
        yield f"| `{prefix}:{word}` | {tag.zh} | {listed} | {_hosts(hosts)} | {_shown(evidence[word])} |"
    yield ""


def _hosts(hosts: list[str]) -> str:
    return ", ".join(hosts) if len(hosts) < 8 else f"{len(hosts)} 种元素 kinds of elements"


def _attributes() -> Iterable[str]:
    yield "## Camunda 7:属性 Attributes\n"
    yield "| 属性 attribute | 在 on | 测试 test |\n| --- | --- | --- |"
    for word, evidence in CAMUNDA_7_ATTRIBUTES.items():
        hosts = sorted(host for host, names in CAMUNDA_7_WORDS.attributes.items() if word in names)
        yield f"| `camunda:{word}` | {_hosts(hosts)} | {_shown(evidence)} |"
    yield ""


def _tags() -> Iterable[str]:
    """The reference: which attributes of BPMN itself may stand where."""
    yield "## BPMN 的元素与属性 Elements and attributes of BPMN itself\n"
    yield "两种方言都读。`documentation`、图形(BPMN DI)与编辑器的标记随处可用。Read in both dialects; `documentation`, the drawing (BPMN DI) and marks of"
    yield "editors may stand anywhere. 属性后的值是唯一接受的值 values behind an attribute are the only ones that are accepted.\n"
    yield "| 元素 element | 名称 | 属性 attributes |\n| --- | --- | --- |"
    for name, tag in BPMN_TAGS.items():
        free = [f"`{attribute}`" for attribute in sorted(tag.attributes)]
        fixed = [f"`{attribute}` = {' / '.join(sorted(values))}" for attribute, values in sorted(tag.fixed.items())]
        yield f"| `{name}` | {tag.zh} | {'; '.join([', '.join(free), *fixed] if free else fixed)} |"
    yield ""


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), "utf-8")
