"""What a dialect answers for: its words, its expressions, and what its attributes and extension elements say.

BPMN itself is read once (`bpmn`, `events`); a dialect is a module with these names (`camunda8`, `camunda7`).
None of its functions raises for a mistake of the file; they report and give the nearest record.
"""

from __future__ import annotations

from typing import Protocol

from engine.expressions import Value
from engine.feel import ExtraFunctions
from engine.parsing.reading import Reading
from engine.parsing.records import AdHoc, Dialect, Element, IoMapping, JobDefinition, Listener, MultiInstance, Script
from engine.parsing.survey import Vocabulary
from engine.xml import Node


class DialectReader(Protocol):
    """The names that `bpmn` and `events` ask of a dialect module."""

    @property
    def WORDS(self) -> Vocabulary: ...  # noqa: N802 (a constant of the module)

    @property
    def DIALECT(self) -> Dialect: ...  # noqa: N802

    @property
    def language(self) -> str:
        """The name of its expressions, for sentences."""

    @property
    def syntax_rule(self) -> str:
        """The rule id of an expression that cannot be read."""

    @property
    def how_to_write(self) -> tuple[str, str]:
        """What an expression looks like (zh, en), to end a sentence with."""

    def is_expression(self, text: str, /) -> bool:
        """Whether a stripped text is an expression and not just itself."""

    def compile_text(self, text: str, functions: ExtraFunctions, /) -> Value:
        """An expression compiled; raises FeelError (FeelSyntaxError with a position where it cannot be read)."""

    def version_tag(self, reading: Reading, node: Node, /) -> str | None: ...

    def properties(self, reading: Reading, node: Node, /) -> dict[str, Value]: ...

    def listeners(self, reading: Reading, node: Node, /) -> tuple[Listener, ...]: ...

    def taken(self, reading: Reading, node: Node, /) -> tuple[Script, ...]:
        """What is set when a sequence flow is taken."""

    def mappings(self, reading: Reading, node: Node, /) -> tuple[tuple[IoMapping, ...], tuple[IoMapping, ...]]: ...

    def activity(self, reading: Reading, node: Node, element: Element, /) -> Element:
        """The element with what its kind of activity needs (user task, job, script, decision, called element)."""

    def start(self, reading: Reading, node: Node, element: Element, /) -> Element:
        """A start event with its form and what else the dialect says there."""

    def job(self, reading: Reading, node: Node, *places: Node) -> JobDefinition | None:
        """The job of a throwing event, looked for on the event and then at `places` (its definition)."""

    def multi_instance(self, reading: Reading, node: Node, /) -> MultiInstance | None:
        """What a `multiInstanceLoopCharacteristics` element goes over; `bpmn` adds its behaviour events."""

    def ad_hoc(self, reading: Reading, node: Node, /) -> AdHoc:
        """What the dialect says of an ad-hoc sub-process; `bpmn` adds ordering and completion condition."""

    def correlation_key(self, reading: Reading, node: Node, message: Node, keyed: bool, /) -> Value | None:
        """The key of a message that `node` refers to; `keyed`: it meets a running instance."""

    def watched(self, reading: Reading, definition: Node, /) -> frozenset[str]:
        """The variables that a conditional event looks at; empty: those its condition names."""

    def catch_variables(self, reading: Reading, definition: Node, /) -> tuple[str | None, str | None]:
        """The variables that take the code and the message of an error or escalation that is caught."""

    def error_message(self, reading: Reading, error: Node, /) -> Value | None:
        """The text that goes with an error that is thrown."""

    def payload(self, reading: Reading, definition: Node, /) -> tuple[IoMapping, ...]:
        """What a thrown signal carries along."""
