"""What every reading function needs, whatever the dialect: compiled expressions, references, places for problems."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.expressions import Literal, Value
from engine.feel import ExtraFunctions, FeelError, FeelLimitError, FeelSyntaxError
from engine.limits import EXPRESSION_CHARACTERS, EXPRESSIONS
from engine.parsing.report import Report
from engine.xml import Node

if TYPE_CHECKING:
    from engine.parsing.dialect import DialectReader

_NAME = re.compile(r"[^\W\d][\w]*(?:\.[^\W\d][\w]*)*")


class Expressions:
    """Compiles the texts of one file, each different text once, within the bounds of `engine.limits`."""

    def __init__(self, dialect: DialectReader, functions: ExtraFunctions) -> None:
        self._dialect = dialect
        self.functions = functions
        self._compiled: dict[str, Value | FeelError] = {}
        self._characters = 0

    def compile(self, text: str) -> Value | FeelError:
        """The value, or why there is none. Too much of it is answered like a limit that one expression reached."""
        found = self._compiled.get(text)
        if found is None:
            found = self._compile(text)
            self._compiled[text] = found
        return found

    def _compile(self, text: str) -> Value | FeelError:
        if not self._dialect.is_expression(text):
            return Literal(text)
        self._characters += len(text)
        if len(self._compiled) >= EXPRESSIONS or self._characters > EXPRESSION_CHARACTERS:
            return FeelLimitError(
                f"文件中的表达式超过 {EXPRESSIONS:,} 个或共 {EXPRESSION_CHARACTERS:,} 个字符",
                f"the file has more than {EXPRESSIONS:,} expressions or {EXPRESSION_CHARACTERS:,} characters of them",
            )
        try:
            return self._dialect.compile_text(text, self.functions)
        except FeelError as error:
            return error


@dataclass(frozen=True, slots=True)
class Reading:
    """Where to report, what compiles, which dialect reads, and the file's definitions by id."""

    report: Report
    dialect: DialectReader
    expressions: Expressions
    messages: Mapping[str, Node]
    signals: Mapping[str, Node]
    errors: Mapping[str, Node]
    escalations: Mapping[str, Node]
    event_definitions: Mapping[str, Node]
    handlers: Mapping[str, str]
    """By compensation boundary event: the activity at the other end of its association."""
    ids: Mapping[str, Node]


def value(reading: Reading, node: Node, text: str, zh: str, en: str) -> Value:
    """`text` compiled: an expression as the dialect writes one, else the text itself. `zh` and `en` name the place."""
    text = text.strip()
    compiled = reading.expressions.compile(text)
    if isinstance(compiled, FeelError):
        refuse_expression(reading, node, text, compiled, zh, en)
        return Literal("")
    return compiled


def refuse_expression(reading: Reading, node: Node, text: str, error: FeelError, zh: str, en: str) -> None:
    """Report why an expression is none, with the place in its text. `zh` and `en` name where it stands."""
    if isinstance(error, FeelSyntaxError):
        language = reading.dialect.language
        reading.report.refuse(
            reading.dialect.syntax_rule,
            node,
            f"{zh}:{language} 表达式第 {error.line} 行第 {error.column} 个字符处有误:{error.message_zh}"
            f"(“{shortened(text)}”)",
            f"{en}: {language} error at line {error.line}, column {error.column} of the expression: "
            f"{error.message_en} ('{shortened(text)}')",
        )
    else:
        reading.report.refuse("feel-limit", node, f"{zh}:{error.message_zh}", f"{en}: {error.message_en}")


def expression(reading: Reading, node: Node, text: str, zh: str, en: str) -> Value:
    """As `value`, where a literal would always mean the same and is therefore a mistake."""
    text = text.strip()
    if text and not reading.dialect.is_expression(text):
        how_zh, how_en = reading.dialect.how_to_write
        reading.report.refuse(
            "expression-without-equals",
            node,
            f"{zh}“{shortened(text)}”应写成{how_zh}。",
            f"{en} '{shortened(text)}' has to be {how_en}.",
        )
    return value(reading, node, text, zh, en)


def optional(reading: Reading, node: Node | None, attribute: str, zh: str, en: str) -> Value | None:
    """The attribute compiled, or None where it is absent or empty."""
    text = (node.get(attribute) or "").strip() if node is not None else ""
    return value(reading, node, text, zh, en) if node is not None and text else None


def required(reading: Reading, node: Node, attribute: str, rule: str, zh: str, en: str) -> Value:
    """The attribute compiled; absent or empty is a problem of `rule`."""
    return value(reading, node, required_text(reading, node, attribute, rule, zh, en), zh, en)


def required_text(reading: Reading, node: Node, attribute: str, rule: str, zh: str, en: str) -> str:
    """The attribute as it is; absent or empty is a problem of `rule`."""
    text = (node.get(attribute) or "").strip()
    if not text:
        reading.report.refuse(rule, node, f"缺少{zh}。", f"The {en} is missing.")
    return text


def check_name(reading: Reading, node: Node, name: str, zh: str, en: str) -> None:
    """A variable name that FEEL can read back: a letter or underscore, then letters, digits, underscores; dots nest."""
    if name and not _NAME.fullmatch(name):
        reading.report.refuse(
            "variable-name",
            node,
            f"{zh}“{name}”不是可用的变量名(以字母、汉字或下划线开头,其后为字母、汉字、数字、下划线)。",
            f"The {en} '{name}' is no variable name (a letter or underscore, then letters, digits and underscores).",
        )


def shortened(text: str) -> str:
    """A text for a sentence: its first 80 characters at most."""
    return text if len(text) <= 80 else text[:77] + "…"
