"""What expressions give in an instance, and where their results are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

from engine.errors import ModelError
from engine.expressions import Composite, Juel, Value
from engine.feel import FeelError, FeelLimitError, Warning_, WarningCode, to_json
from engine.juel import BUSINESS_KEY, ELEMENT_ID, ELEMENT_NAME, INSTANCE_ID, JuelError
from engine.model import Json, Variables
from engine.parsing.records import Element
from engine.runtime.scripting import NoScripts
from engine.runtime.token import Token
from engine.runtime.variables import Variables as VariableStore
from engine.runtime.variables import View, put

if TYPE_CHECKING:
    from engine.runtime.elements import ElementSpec
    from engine.runtime.graph import Graph
    from engine.runtime.step import Step


class Evaluation(BpmnWorkflow):
    """An instance's definition and variables. SpiffWorkflow's own script engine is switched off."""

    def __init__(self, graph: Graph, step: Step, instance_id: int, variables: VariableStore) -> None:
        super().__init__(graph.spec, script_engine=NoScripts(), deserializing=True)
        self.graph = graph
        self.step = step
        self.instance_id = instance_id
        self.variables = variables
        self._fell: tuple[Warning_, ...] = ()

    # -- reading ------------------------------------------------------------------------------------------------------

    def element_spec(self, name: str) -> ElementSpec:
        spec: ElementSpec = self.graph.spec.task_specs[name]
        return spec

    def children_of(self, token: Token) -> list[Token]:
        return [self.tasks[child] for child in token._children]

    def token(self, element_instance_id: int) -> Token | None:
        found: Token | None = self.tasks.get(element_instance_id)
        return found

    def view(self, token: Token | None, extra: Mapping[str, Json] | None = None) -> View:
        return View(self.variables, token, extra)

    def local_variables(self, token: Token) -> dict[str, Json]:
        self.variables.need_all()
        return {name: value for name, value in self.variables.local(token.id).items() if not name.startswith("#")}

    # -- expressions --------------------------------------------------------------------------------------------------

    def evaluate(self, value: Value, token: Token | None, extra: Mapping[str, Json] | None = None) -> Any:
        """What the expression gives with the variables seen from `token`.

        A bound that is reached and, in JUEL, a value that does not exist are the model's fault.
        """
        if isinstance(value, Juel | Composite) and any(name.startswith("#") for name in value.names):
            extra = {**self._surroundings(token), **(extra or {})}
        view = View(self.variables, token, extra)
        view.need(value.names)
        try:
            found = value.evaluate(view, now=self.step.now, zone=self.step.zone, environment=self.step.environment)
        except FeelLimitError as error:
            raise ModelError(
                "EXTRACT_VALUE_ERROR", f"表达式超出限度:{error}", f"expression reached a limit: {error}"
            ) from error
        except FeelError as error:
            text = value.source
            raise ModelError(
                "EXTRACT_VALUE_ERROR",
                f"表达式“{text}”没有值:{error.message_zh}",
                f"the expression '{text}' has no value: {error.message_en}",
            ) from error
        self._fell = found.warnings
        return found.value

    def _because(self) -> tuple[str, str]:
        """Why what was evaluated last, or a part of it, is null, to end a sentence with in both languages."""
        for warning in self._fell:
            if warning.code is not WarningCode.PROVISIONAL:
                return f":{warning.text_zh}", f": {warning.text_en}"
        return "", ""

    def _surroundings(self, token: Token | None) -> dict[str, Json]:
        """What Camunda 7's `execution` answers beside variables."""
        element = None if token is None else token.task_spec.element
        return {
            BUSINESS_KEY: self.step.rows[self.instance_id].business_key,
            INSTANCE_ID: str(self.instance_id),
            ELEMENT_ID: None if element is None else element.id,
            ELEMENT_NAME: None if element is None else element.name,
        }

    def became_true(self, condition: Value, token: Token) -> bool:
        """Whether the condition of a waiting event holds.

        One that has no value (a variable is not there yet, or of another kind) does not, as FEEL's null does not.
        """
        try:
            return self.evaluate(condition, token) is True
        except ModelError as error:
            if isinstance(error.__cause__, JuelError):
                return False
            raise

    def json(self, value: Value, token: Token | None, extra: Mapping[str, Json] | None = None) -> Json:
        return to_json(self.evaluate(value, token, extra))

    def text(self, value: Value, token: Token | None) -> str:
        found = self.evaluate(value, token)
        if not isinstance(found, str) or not found:
            zh, en = self._because()
            raise ModelError("EXTRACT_VALUE_ERROR", f"需要文本,得到 {found!r}{zh}", f"expected a text, found {found!r}{en}")
        return found

    def version(self, value: Value | None, token: Token | None) -> int | None:
        """The number of a version that a binding names."""
        if value is None:
            return None
        found = self.json(value, token)
        if isinstance(found, bool) or not str(found).isdecimal():
            zh, en = self._because()
            raise ModelError("EXTRACT_VALUE_ERROR", f"版本号应为自然数,得到 {found!r}{zh}",
                             f"a version must be a whole number, found {found!r}{en}")  # fmt: skip
        return int(found)

    def key(self, value: Value, token: Token | None) -> str:
        """A correlation key: text or number (Camunda 8, "Messages")."""
        found = self.json(value, token)
        if isinstance(found, bool) or (not isinstance(found, str | int) and not hasattr(found, "as_tuple")):
            zh, en = self._because()
            raise ModelError("EXTRACT_VALUE_ERROR", f"相关键需要文本或数字,得到 {found!r}{zh}",
                             f"a correlation key must be a text or a number, found {found!r}{en}")  # fmt: skip
        return str(found)

    def holds(self, condition: Value, token: Token, place: str, extra: Mapping[str, Json] | None = None) -> bool:
        """Whether a condition is true; anything but true or false is an error (Camunda 8, incident CONDITION_ERROR)."""
        found = self.evaluate(condition, token, extra)
        if not isinstance(found, bool):
            zh, en = self._because()
            shown = "null" if found is None else repr(found)[:80]
            raise ModelError(
                "CONDITION_ERROR",
                f"“{place}”的条件应得真或假,得到 {shown}{zh}",
                f"the condition at '{place}' must be true or false, found {shown}{en}",
            )
        return found

    def texts(self, value: Value | None, token: Token) -> tuple[str, ...]:
        """A list of names: a literal is comma separated, FEEL gives a list (or one text)."""
        if value is None:
            return ()
        found = self.evaluate(value, token)
        if isinstance(found, str):
            found = [part.strip() for part in found.split(",")]
        if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
            zh, en = self._because()
            raise ModelError(
                "EXTRACT_VALUE_ERROR", f"需要文本列表,得到 {found!r}{zh}", f"expected a list of texts, found {found!r}{en}"
            )
        return tuple(item for item in found if item)

    def properties(self, element: Element, token: Token) -> dict[str, Json]:
        """The element's `zeebe:property` values, those that begin with `=` evaluated; what fails there is null."""
        return {name: self.json(value, token) for name, value in element.properties.items()}

    # -- variables ----------------------------------------------------------------------------------------------------

    def merge(self, token: Token, values: Variables) -> None:
        """Write each value where its name stands, looking outward from `token` (Camunda 8, "Variable propagation")."""
        if values:
            view = self.view(token)
            view.need(values)
            for name, value in values.items():
                view.set(name, value)

    def assign(self, token: Token, path: tuple[str, ...], value: Json) -> None:
        view = self.view(token)
        view.set(path[0], put(view.get(path[0]), path[1:], value) if len(path) > 1 else value)
