"""Starting a procedure, and the case as its office sees it."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from api.door import SignedDoor, acting, reading
from api.parameters import After, Body, CaseNo, Limit, Name, Search
from api.shapes import cases as shapes
from api.shapes.common import Data, Page
from api.shapes.rows import CaseRow
from api.shapes.tasks import with_next
from casework.act import Act
from casework.desk import timeline as events
from casework.model.cases import CaseState
from casework.records import case_page, cases, operations, starting

router = APIRouter(prefix="/api", tags=["cases"], route_class=SignedDoor)


class Start(Body):
    """A procedure and what was typed into its start form."""

    process_id: str
    data: Data = Field(default_factory=dict)


class Answers(Body):
    """What was typed into the form, by key."""

    data: Data = Field(default_factory=dict)


@router.get("/procedures")
@reading
def procedures(act: Act) -> list[shapes.Procedure]:
    """What I may start."""
    return [shapes.procedure(each) for each in starting.procedures(act)]


@router.get("/procedures/{process_id}/form")
@reading
def start_form(act: Act, process_id: Name) -> shapes.StartForm:
    """The form by which a procedure begins; null where it begins without one."""
    _, form, values = starting.start_form(act, process_id)
    return shapes.start_form(form, values)


@router.post("/cases", status_code=201, response_model=shapes.Started)
@acting(status=201, then=with_next)
def start(act: Act, body: Start) -> shapes.Opened:
    """Open a case. 422 names the fields that are wrong."""
    return {"caseNo": starting.start(act, body.process_id, body.data).case_no}


@router.get("/cases")
@reading
def page(
    act: Act, q: Search = "", state: Annotated[CaseState | None, Query()] = None, after: After = None, limit: Limit = 30
) -> Page[CaseRow]:
    """A page of the cases that I may see, newest first."""
    return shapes.page(cases.page(act, q=q, state=state, after=after, limit=limit))


@router.get("/cases/{case_no}")
@reading
def view(act: Act, case_no: CaseNo) -> shapes.CaseView:
    """The page of a case."""
    return shapes.view(act, case_page.view(act, case_no))


@router.get("/cases/{case_no}/timeline")
@reading
def timeline(act: Act, case_no: CaseNo) -> list[shapes.TimelineEntry]:
    """What happened, newest first."""
    return [shapes.timeline_entry(each) for each in events.of_case(act, case_no)]


@router.get("/cases/{case_no}/path")
@reading
def path(act: Act, case_no: CaseNo) -> list[shapes.InstancePath]:
    """How far each instance of the case has come in its diagram."""
    return [shapes.instance_path(each) for each in case_page.path(act, case_no)]


@router.get("/cases/{case_no}/operations/{name}/form")
@reading
def operation_form(act: Act, case_no: CaseNo, name: Name) -> shapes.StartForm:
    """The form of what the diagram offers on the whole case."""
    _, form, values = operations.operation_form(act, case_no, name)
    return shapes.start_form(form, values)


@router.post("/cases/{case_no}/operations/{name}", response_model=shapes.Started)
@acting(then=with_next)
def operate(act: Act, case_no: CaseNo, name: Name, body: Answers) -> shapes.Opened:
    """Do what the diagram offers on the whole case (withdraw, report an overrun …)."""
    operations.operate(act, case_no, name, body.data)
    return {"caseNo": case_no}
