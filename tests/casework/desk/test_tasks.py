"""The human task: who may do what with it, what follows, and that its rows agree with the engine's waits."""

from datetime import timedelta

import pytest

from casework.authority import Authority
from casework.desk import inbox, tasks
from casework.errors import Closed, Overtaken, Refused, Unknown
from casework.model.cases import CaseFile, CaseState, HumanTask, TaskState
from casework.model.law import ClockTimer
from casework.model.people import Holding
from casework.people import organisation, relations
from engine.model import TimerOpened, UserTaskOpened
from tests.casework.conftest import Town


def same_waits(town: Town, case: CaseFile) -> bool:
    """Open user tasks of the engine and open rows of the desk are the same, and no closed row is offered."""
    with town.authority.system_read(region=case.region) as act:
        waits = {wait.id for wait in act.work.open_waits(case.root_instance_id) if isinstance(wait, UserTaskOpened)}
        rows = {task.id for task in act.find_all(HumanTask, case_id=case.id) if task.state is not TaskState.CLOSED}
    return waits == rows


def test_a_case_opens_with_a_number_an_office_and_its_first_task_offered_to_the_post_there(town: Town) -> None:
    case = town.open()

    task = town.task(case, "A")

    assert case.case_no.startswith("JA-01-2026-")
    assert (task.audiences, task.state, task.title_en) == (("case-handler@JA-01",), TaskState.UNCLAIMED, "First opinion")


def test_a_title_may_come_from_the_data(town: Town) -> None:
    case = town.open()

    town.complete(town.task(case, "A"), "ja-01-handler")

    assert town.task(case, "B").title == f"审核 {case.case_no}"


def test_the_second_who_claims_is_told_who_was_first(town: Town) -> None:
    task = town.task(town.open(), "A")
    first = town.claim(task, "ja-01-handler")

    with pytest.raises(Overtaken) as told:
        town.claim(task, "ja-01-handler2")

    assert (told.value.who, told.value.at) == (town.who("ja-01-handler").name, first.claimed_at)


@pytest.mark.parametrize("login", ["ja-01-fund", "ja-02-handler", "jb-01-handler"])
def test_outside_its_audience_a_task_does_not_exist(town: Town, login: str) -> None:
    task = town.task(town.open(), "A")

    with pytest.raises(Unknown):
        town.claim(task, login)


def test_completing_without_claiming_is_refused(town: Town) -> None:
    task = town.task(town.open(), "A")

    with pytest.raises(Refused, match="请先认领"), town.authority.act(town.who("ja-01-handler")) as act:
        tasks.complete(act, task.id, {})


def test_a_task_is_completed_once(town: Town) -> None:
    task = town.task(town.open(), "A")
    town.complete(task, "ja-01-handler")

    with pytest.raises(Closed, match="您已办理"):
        town.complete(task, "ja-01-handler")


def test_whoever_did_the_first_step_may_not_do_the_second(town: Town) -> None:
    case = town.open()
    town.complete(town.task(case, "A"), "ja-01-handler")

    with pytest.raises(Refused) as refused:
        town.claim(town.task(case, "B"), "ja-01-handler")

    assert refused.value.ground == "four-eyes"


def test_four_eyes_leave_the_task_out_of_the_list_of_who_did_the_first_step(town: Town) -> None:
    case = town.open()
    town.complete(town.task(case, "A"), "ja-01-handler")

    def offered(login: str) -> list[str]:
        with town.authority.read(town.who(login)) as act:
            return [row.task.element_id for row in inbox.page(act, "claimable").rows]

    assert (offered("ja-01-handler"), offered("ja-01-handler2")) == ([], ["B"])


def test_a_transfer_needs_a_ground_and_a_receiver_of_the_audience(town: Town) -> None:
    task = town.task(town.open(), "A")
    town.claim(task, "ja-01-handler")
    receiver = town.who("ja-01-handler2")

    with town.authority.act(town.who("ja-01-handler")) as act:
        names = [each.staff.name for each in tasks.receivers(act, task.id)]
        moved = tasks.transfer(act, task.id, receiver.staff_id, "外出培训")

    assert names == [receiver.name]
    assert moved.assignee_id == receiver.staff_id


def test_a_head_gives_a_task_from_the_queue_and_takes_it_back(town: Town) -> None:
    task = town.task(town.open(), "A")
    head = town.who("ja-01-office-head")

    with town.authority.act(head) as act:
        tasks.assign(act, task.id, town.who("ja-01-handler").staff_id)
    with town.authority.act(head) as act:
        returned = tasks.give_back(act, task.id)

    assert (returned.state, returned.assignee_id) == (TaskState.UNCLAIMED, None)


def test_a_draft_is_kept_for_its_writer_and_gone_when_the_task_is(town: Town) -> None:
    task = town.task(town.open(), "A")
    handler = town.who("ja-01-handler")
    town.claim(task, handler.login)
    with town.authority.act(handler) as act:
        tasks.save_draft(act, task.id, {"note": "半截"})
    with town.authority.read(handler) as act:
        draft = tasks.view(act, task.id).draft

    town.complete(task, handler.login)

    with town.authority.read(handler) as act:
        assert draft is not None
        assert (draft[0], tasks.view(act, task.id).draft) == ({"note": "半截"}, None)


def test_nobody_is_urged_twice_within_four_hours(town: Town) -> None:
    task = town.task(town.open(), "A")
    head = town.who("ja-01-office-head")
    with town.authority.act(head) as act:
        tasks.urge(act, task.id)

    with pytest.raises(Refused), town.authority.act(head) as act:
        tasks.urge(act, task.id)


def test_the_rows_of_the_desk_are_the_waits_of_the_engine_after_every_command(town: Town) -> None:
    case = town.open()
    agreed = [same_waits(town, case)]
    town.authority.advance_to(town.clock.now() + timedelta(days=9))
    agreed.append(same_waits(town, case))
    town.complete(town.task(case, "A"), "ja-01-handler")
    agreed.append(same_waits(town, case))
    with town.authority.system("cancel", region="JA") as act:
        act.work.cancel_instance(case.root_instance_id)
        act.record("cancel", case)
    agreed.append(same_waits(town, case))

    assert agreed == [True] * 4
    assert town.case_now(case).state is CaseState.CLOSED


def test_a_case_ends_with_the_outcome_of_its_end_event(town: Town) -> None:
    case = town.open()
    town.complete(town.task(case, "A"), "ja-01-handler")
    town.complete(town.task(case, "B"), "ja-01-handler2")

    ended = town.case_now(case)

    assert (ended.state, ended.outcome) == (CaseState.CLOSED, "done")


def test_a_timer_opens_its_task_and_leaves_one_entry_of_the_system(town: Town) -> None:
    case = town.open()

    town.authority.advance_to(town.clock.now() + timedelta(days=9))

    assert town.task(case, "R").state is TaskState.UNCLAIMED
    assert town.verbs(case).count("timer") == 1


def test_a_cancelled_task_is_closed_and_nobody_did_it(town: Town) -> None:
    case = town.open()
    task = town.claim(town.task(case, "A"), "ja-01-handler")
    with town.authority.system("cancel", region="JA") as act:
        act.work.cancel_instance(case.root_instance_id)
        act.record("cancel", case)

    gone = town.task_now(task)

    assert (gone.state, gone.closed_how, gone.closed_by) == (TaskState.CLOSED, "cancelled", None)
    with pytest.raises(Closed, match="撤回"):
        town.claim(task, "ja-01-handler2")


def test_a_timer_drawn_on_a_clock_is_tied_to_it_and_forgotten_with_its_task(town: Town) -> None:
    case = town.open()

    def tied() -> int:
        with town.authority.system_read(region="JA") as act:
            waiting = [wait for wait in act.work.open_waits(case.root_instance_id) if isinstance(wait, TimerOpened)]
            ties = act.find_all(ClockTimer, case_id=case.id)
        assert [wait.id for wait in waiting] == [tie.id for tie in ties]
        return len(ties)

    before = tied()
    town.complete(town.task(case, "A"), "ja-01-handler")

    assert (before, tied()) == (1, 0)


def declare(authority: Authority, town: Town, login: str, case: CaseFile) -> None:
    with authority.act(town.who(login)) as act:
        relations.declare(act, type="sibling", nature="blood", case_no=case.case_no, ground="兄弟")


def test_a_related_officer_neither_sees_nor_takes_the_task(town: Town) -> None:
    case = town.open()
    declare(town.authority, town, "ja-01-handler", case)

    with pytest.raises(Refused) as refused:
        town.claim(town.task(case, "A"), "ja-01-handler")
    with town.authority.read(town.who("ja-01-handler")) as act:
        listed = inbox.page(act, "claimable").rows

    assert (refused.value.ground, refused.value.clause, listed) == ("relation", "LZ-C10", ())


def test_a_relation_that_is_declared_later_takes_the_task_away(town: Town) -> None:
    case = town.open()
    task = town.claim(town.task(case, "A"), "ja-01-handler")

    declare(town.authority, town, "ja-01-handler", case)

    now = town.task_now(task)
    assert (now.state, now.assignee_id) == (TaskState.UNCLAIMED, None)
    assert "take-off" in town.verbs(case)


def test_a_task_that_opens_after_the_relation_is_not_held_by_the_related(town: Town) -> None:
    case = town.open()
    town.claim(town.task(case, "A"), "ja-01-handler2")
    declare(town.authority, town, "ja-01-handler", case)
    town.complete(town.task(case, "A"), "ja-01-handler2")

    with town.authority.system_read(region="JA") as act:
        stuck = [incident.element_id for incident in act.work.incidents()]

    assert town.task(case, "B").assignee_id is None
    assert stuck == ["B"]


def test_a_person_whose_post_ends_loses_what_she_held_under_it(town: Town) -> None:
    task = town.claim(town.task(town.open(), "A"), "ja-01-handler")
    with town.authority.system("test", region="JA") as act:
        holding = act.find_all(Holding, staff_id=town.who("ja-01-handler").staff_id)[0]
        organisation.end_holding(act, holding.id)

    assert town.task_now(task).state is TaskState.UNCLAIMED
