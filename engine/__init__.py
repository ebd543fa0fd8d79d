"""BPMN, DMN and FEEL. Knows nothing of assistance, of people or of HTTP."""

from engine.engine import DueSource, ProcessEngine
from engine.persistence import Database
from engine.work import Work

__all__ = ["Database", "DueSource", "ProcessEngine", "Work"]
