"""The ways an evaluation of JUEL says no.

    FeelError
     ├─ FeelSyntaxError     the author's mistake: not JUEL, or JUEL that is not carried out (raised when compiling)
     ├─ FeelLimitError      the expression asks for more work than one evaluation may cost
     └─ JuelError           the expression has no value over these variables; Camunda 7 raises there too
         └─ MissingVariable a variable that does not exist

Other than FEEL, JUEL does not answer null where it has no answer.
"""

from __future__ import annotations

from engine.feel import FeelError


class JuelError(FeelError):
    """An evaluation without a value: the diagram's or the data's mistake."""


class MissingVariable(JuelError):
    """A variable that the expression reads does not exist (Camunda 7: "Unknown property used in expression")."""

    def __init__(self, name: str) -> None:
        super().__init__(f"变量“{name}”不存在", f"there is no variable '{name}'")
        self.name = name
