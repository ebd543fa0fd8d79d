"""JUEL, the expression language of Camunda 7 diagrams: a closed, pure subset of `${…}`.

    expression = compile_juel("${amount > 1000 && level == 'A'}")
    expression.evaluate(variables, now=clock.now())

Parser -> tree -> closures; Python's own evaluator is never reached, and no attribute of a Python object. Beans, classes and
methods that stand in no table are refused when the expression is compiled. Limits are those of `engine.feel`.
"""

from engine.juel.context import BUSINESS_KEY, ELEMENT_ID, ELEMENT_NAME, INSTANCE_ID
from engine.juel.errors import JuelError, MissingVariable
from engine.juel.expression import (
    Assignment,
    JuelExpression,
    compile_assignment,
    compile_juel,
    constant_text,
    variable,
)
from engine.juel.parser import parse_template
from engine.juel.printer import to_source
from engine.juel.tokens import is_template

__all__ = [
    "BUSINESS_KEY",
    "ELEMENT_ID",
    "ELEMENT_NAME",
    "INSTANCE_ID",
    "Assignment",
    "JuelError",
    "JuelExpression",
    "MissingVariable",
    "compile_assignment",
    "compile_juel",
    "constant_text",
    "is_template",
    "parse_template",
    "to_source",
    "variable",
]
