"""The inbox and the human task: each operation is one call, one entry, one answer."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from api.door import SignedDoor, acting, reading
from api.parameters import After, Body, Id, Limit, Nothing, RecordId, Search, Sentence
from api.shapes import tasks as shapes
from api.shapes.common import Data, Page
from api.shapes.rows import TaskRow
from api.wire import moment
from casework.act import Act
from casework.desk import inbox, tasks
from casework.model.cases import TaskState

router = APIRouter(prefix="/api/tasks", tags=["tasks"], route_class=SignedDoor)

Tab = Literal["mine", "claimable", "done"]
DueBy = Literal["overdue", "today", "week"]


class Transfer(Body):
    """To whom, and why."""

    receiver: RecordId
    ground: Sentence


class Assignment(Body):
    """To whom."""

    receiver: RecordId


class Answers(Body):
    """What was typed into the form, by key."""

    data: Data


@router.get("")
@reading
def page(
    act: Act,
    tab: Annotated[Tab, Query()] = "mine",
    q: Search = "",
    procedure: Annotated[str | None, Query(max_length=255)] = None,
    urgent: Annotated[bool | None, Query()] = None,
    due: Annotated[DueBy | None, Query()] = None,
    after: After = None,
    limit: Limit = 30,
) -> Page[TaskRow]:
    """A page of the inbox: mine, what I may claim, what I have done."""
    return shapes.page(inbox.page(act, tab, q=q, procedure=procedure, urgent=urgent, due=due, after=after, limit=limit))


@router.get("/counts")
@reading
def counts(act: Act) -> shapes.Counts:
    """How many are mine and how many I may claim, each counted up to 1,000."""
    return shapes.counts(inbox.counts(act))


@router.get("/{task_id}")
@reading
def view(act: Act, task_id: Id) -> shapes.TaskView:
    """The page of a task."""
    return shapes.view(act, tasks.view(act, task_id))


@router.get("/{task_id}/why")
@reading
def why(act: Act, task_id: Id) -> shapes.Why:
    """Why it stands with those with whom it stands, and what the gate says to the asker."""
    return shapes.why(tasks.why(act, task_id))


@router.get("/{task_id}/receivers")
@reading
def receivers(act: Act, task_id: Id) -> list[shapes.Receiver]:
    """To whom it may be given."""
    return [shapes.receiver(each) for each in tasks.receivers(act, task_id)]


@router.post("/{task_id}/claim", status_code=204)
@acting
def claim(act: Act, task_id: Id, _: Nothing | None = None) -> None:
    """Take it (认领)."""
    tasks.claim(act, task_id)


@router.post("/{task_id}/give-back", status_code=204)
@acting
def give_back(act: Act, task_id: Id, _: Nothing | None = None) -> None:
    """Put it back into its queue (归还); the typing is kept."""
    tasks.give_back(act, task_id)


@router.post("/{task_id}/urge", status_code=204)
@acting
def urge(act: Act, task_id: Id, _: Nothing | None = None) -> None:
    """Press for it (催办); counted, with a cooling time."""
    tasks.urge(act, task_id)


@router.post("/{task_id}/transfer", status_code=204)
@acting
def transfer(act: Act, task_id: Id, body: Transfer) -> None:
    """Hand it to another who may do it (转办)."""
    tasks.transfer(act, task_id, body.receiver, body.ground)


@router.post("/{task_id}/assign", status_code=204)
@acting
def assign(act: Act, task_id: Id, body: Assignment) -> None:
    """Give a task of the queue to one of the office (指派); for its head."""
    tasks.assign(act, task_id, body.receiver)


@router.put("/{task_id}/draft")
@acting
def save_draft(act: Act, task_id: Id, body: Answers) -> shapes.Saved:
    """Keep the typing (暂存)."""
    return {"savedAt": moment(tasks.save_draft(act, task_id, body.data).saved_at)}


@router.post("/{task_id}/complete", response_model=shapes.Completed)
@acting(then=shapes.with_next)
def complete(act: Act, task_id: Id, body: Answers) -> shapes.Closed:
    """Send the form (办理); the case goes on. 422 names the fields that are wrong. Not `closed`: a program looks at it first."""
    task = tasks.complete(act, task_id, body.data)
    return {"closed": task.state is TaskState.CLOSED, "caseNo": task.case_no}
