"""A case taken hold of: the root of its instances, its row, its audit chain and a task of it, locked and read in one statement.

The order of locks is that of the house (`decisions` 37): the root first. Rows that had to be waited for are given as they are then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, Text, cast, literal, select

from casework.model.cases import CaseFile, HumanTask
from casework.persistence import rows
from casework.persistence.tables import audit_chain, case_file, human_task
from engine.persistence.definitions import MARK
from engine.persistence.instances import as_row
from engine.persistence.statements import Statement, equal
from engine.persistence.tables import instance
from engine.runtime.step import InstanceRow


@dataclass(frozen=True, slots=True)
class Held:
    """What is held. `end`: number and hash of the last entry in the case's chain; `reference`: of the region's reference data;
    `mark`: how many deployments there are.
    """

    root: InstanceRow
    case: CaseFile
    task: HumanTask | None
    end: tuple[int, str]
    reference: int
    mark: int


_ROOT, _CASE, _CHAIN, _TASK = instance.alias("root"), case_file.alias("held"), audit_chain.alias("chain"), human_task.alias("task")
_COLUMNS = [*_ROOT.c, *rows.columns_of(CaseFile, _CASE), _CHAIN.c.n, _CHAIN.c.hash, rows.reference_number(_CASE.c.region), MARK]
_CUTS = (len(_ROOT.c), len(_ROOT.c) + len(_CASE.c), len(_COLUMNS))


def _held(*values: Any) -> Held:
    root_end, case_end, fixed = _CUTS
    n, digest, reference, mark = values[case_end:fixed]
    return Held(
        root=as_row(*values[:root_end]), case=CaseFile(*values[root_end:case_end]),
        task=HumanTask(*values[fixed:]) if len(values) > fixed else None, end=(n, digest), reference=reference or 0, mark=mark,
    )  # fmt: skip


def _joined(*more: Any) -> Select[Any]:
    return (
        select(*_COLUMNS, *more)
        .select_from(_ROOT)
        .join(_CASE, (_CASE.c.region == _ROOT.c.region) & (_CASE.c.root_instance_id == _ROOT.c.id))
        .join(_CHAIN, (_CHAIN.c.region == _CASE.c.region) & (_CHAIN.c.chain == literal("case:") + cast(_CASE.c.id, Text)))
    )


_OF_CASE = Statement(
    _joined().where(equal(_CASE.c.region), equal(_CASE.c.id)).with_for_update(of=[_ROOT, _CASE, _CHAIN]), into=_held
)
_OF_TASK = Statement(
    _joined(*rows.columns_of(HumanTask, _TASK))
    .join(_TASK, (_TASK.c.region == _CASE.c.region) & (_TASK.c.case_id == _CASE.c.id))
    .where(equal(_TASK.c.region), equal(_TASK.c.id))
    .with_for_update(of=[_ROOT, _CASE, _CHAIN, _TASK]),
    into=_held,
)


def of_case(connection: Connection, region: str, case_id: int) -> Held | None:
    """The case, held; None where there is none (or it was never recorded)."""
    found: Held | None = _OF_CASE.first(connection, region=region, id=case_id)
    return found


def of_task(connection: Connection, region: str, task_id: int) -> Held | None:
    """The case of a task, held, and the task; None as in `of_case`."""
    found: Held | None = _OF_TASK.first(connection, region=region, id=task_id)
    return found
