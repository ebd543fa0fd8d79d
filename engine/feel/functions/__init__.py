"""The built-in functions of FEEL with Camunda's additions, grouped by kind."""

from engine.feel.functions import contexts, conversion, dates, lists, logic, numbers, ranges, strings
from engine.feel.functions.registry import Builtin, ExtraFunctions, Functions, Overloads

BUILT_INS: Functions = {
    **logic.FUNCTIONS,
    **conversion.FUNCTIONS,
    **numbers.FUNCTIONS,
    **strings.FUNCTIONS,
    **lists.FUNCTIONS,
    **contexts.FUNCTIONS,
    **dates.FUNCTIONS,
    **ranges.FUNCTIONS,
}

__all__ = ["BUILT_INS", "Builtin", "ExtraFunctions", "Functions", "Overloads"]
