"""DMN: decision tables, boxed expressions and requirements graphs (DMN 1.1 to 1.5, FEEL only).

model = parse_decisions(xml, functions=functions)
result = model.decisions["approval_competence"].evaluate(variables, now=clock.now())
result.value, result.trace
analyse(model.tables).problems  # gaps, overlaps, contradictions and rules without effect
"""

from engine.decisions.analysis import Analysis, Fault, analyse
from engine.decisions.building import parse_decisions
from engine.decisions.imports import library
from engine.decisions.model import DECISION_LIMITS, Decision, DecisionModel, DecisionResult
from engine.decisions.report import DecisionRefused
from engine.decisions.session import Input, LocatedWarning, MatchedRule, Step

__all__ = [
    "DECISION_LIMITS",
    "Analysis",
    "Decision",
    "DecisionModel",
    "DecisionRefused",
    "DecisionResult",
    "Fault",
    "Input",
    "LocatedWarning",
    "MatchedRule",
    "Step",
    "analyse",
    "library",
    "parse_decisions",
]
