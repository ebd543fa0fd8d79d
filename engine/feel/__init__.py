"""FEEL, the expression language of DMN 1.5, with Camunda 8's additions.

    expression = compile_expression("applicant.age >= 60 and not(applicant.dibao)")
    expression.evaluate(variables, now=clock.now()).value

Parser -> tree -> closures; Python's own evaluator is never reached. Values are those of `engine.feel.values`.
This package stands alone: it imports nothing else of the engine.
"""

from engine.feel import tree
from engine.feel.calls import make_function
from engine.feel.errors import FeelError, FeelLimitError, FeelSyntaxError, FunctionFailed, Warning_, WarningCode
from engine.feel.expression import (
    Evaluation,
    Expression,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
)
from engine.feel.functions.registry import Builtin, ExtraFunctions
from engine.feel.limits import DEFAULT_LIMITS, OFFICE_ZONE, Limits, Run
from engine.feel.literals import Literals, NotReadable, constant_list, constant_value, literals_of
from engine.feel.membership import Test
from engine.feel.order import representatives
from engine.feel.parser import parse_expression, parse_unary_tests
from engine.feel.printer import to_source
from engine.feel.scope import MISSING, Env
from engine.feel.temporal import parse_at_literal
from engine.feel.text import json_text, text_of, to_json
from engine.feel.types import ANY, Type, convert, named_type
from engine.feel.values import Function, Kind, Range, Value, YearsMonths, equal, kind_of

__all__ = [
    "ANY",
    "DEFAULT_LIMITS",
    "MISSING",
    "OFFICE_ZONE",
    "Builtin",
    "Env",
    "Evaluation",
    "Expression",
    "ExtraFunctions",
    "FeelError",
    "FeelLimitError",
    "FeelSyntaxError",
    "Function",
    "FunctionFailed",
    "Kind",
    "Limits",
    "Literals",
    "NotReadable",
    "Range",
    "Run",
    "Test",
    "Type",
    "UnaryTests",
    "Value",
    "WarningCode",
    "Warning_",
    "YearsMonths",
    "compile_expression",
    "compile_unary_tests",
    "constant_list",
    "constant_value",
    "convert",
    "equal",
    "json_text",
    "kind_of",
    "literals_of",
    "make_function",
    "named_type",
    "parse_at_literal",
    "parse_expression",
    "parse_unary_tests",
    "representatives",
    "text_of",
    "to_json",
    "to_source",
    "tree",
]
