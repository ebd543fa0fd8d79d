"""Clocks of a case: timers, badges and the variable `clocks` follow every event."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from casework.act import Act
from casework.errors import Refused
from casework.law import badges, calendar, clocks
from casework.law.badges import Colour
from casework.model.cases import CaseFile, HumanTask
from casework.model.law import ClockState, LegalClock
from casework.model.record import PARKED
from casework.records import case_page
from engine.model import TimerOpened
from tests.casework.conftest import ZONE, Town

GROUND = "departmentMaterial"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def agreement(act: Act, case: CaseFile) -> set[datetime]:
    """The due moment as clock, task, offer-free badge, timer and variable have it; one value where they agree."""
    clock = act.find_all(LegalClock, case_id=case.id, code="referral")[-1]
    task = act.find_all(HumanTask, case_id=case.id, element_id="A")[0]
    timers = {wait.due_at for wait in act.work.open_waits(case.root_instance_id) if isinstance(wait, TimerOpened)}
    told = act.work.variables(case.root_instance_id, ["clocks"])["clocks"]["referral"]["dueAt"]
    return {clock.due_at, task.due_at, datetime.fromisoformat(told), *timers}


def test_a_main_clock_starts_with_the_case_and_everything_agrees_on_its_end(town: Town) -> None:
    case = town.open()

    with town.authority.system_read(region="JA") as act:
        assert agreement(act, case) == {at("2026-03-10T00:00")}


def test_a_clock_that_has_not_started_is_parked(town: Town) -> None:
    case = town.open()

    with town.authority.system_read(region="JA") as act:
        debt = act.work.variables(case.root_instance_id, ["clocks"])["clocks"]["debt"]

    assert (debt["state"], debt["dueAt"], debt["amberAt"]) == ("parked", PARKED.isoformat(), PARKED.isoformat())


def test_a_suspended_clock_parks_its_timer_and_resumed_counts_on(town: Town) -> None:
    case = town.open()
    town.authority.advance_to(at("2026-03-04T09:00"))
    with town.authority.system("test", region="JA") as act:
        clocks.suspend(act, act.lock_case(case.id), "referral", ground=GROUND)
        act.record("suspend", case)
    with town.authority.system_read(region="JA") as act:
        paused = agreement(act, case)
    town.authority.advance_to(at("2026-03-16T09:00"))
    with town.authority.system("test", region="JA") as act:
        resumed = clocks.resume(act, act.lock_case(case.id), "referral")
        act.record("resume", case)
    with town.authority.system_read(region="JA") as act:
        after = agreement(act, case)

    assert paused == {PARKED}
    assert (after, resumed.state) == ({at("2026-03-20T00:00")}, ClockState.RUNNING)


def test_a_timer_of_a_suspended_clock_does_not_fire(town: Town) -> None:
    case = town.open()
    with town.authority.system("test", region="JA") as act:
        clocks.suspend(act, act.lock_case(case.id), "referral", ground=GROUND)
        act.record("suspend", case)

    town.authority.advance_to(at("2026-05-01T09:00"))

    with town.authority.system_read(region="JA") as act:
        assert act.find_all(HumanTask, case_id=case.id, element_id="R") == []


def test_a_clock_stands_still_only_on_a_ground_that_its_rule_names(town: Town) -> None:
    case = town.open()

    with pytest.raises(Refused) as refused, town.authority.act(town.who("ja-01-handler")) as act:
        clocks.suspend(act, act.lock_case(case.id), "referral", ground="recheck")

    assert refused.value.ground == "clock-ground"


def test_starting_a_running_clock_leaves_it_and_says_so(town: Town) -> None:
    case = town.open()
    with town.authority.system("test", region="JA") as act:
        clocks.start(act, act.lock_case(case.id), "referral")

    assert "clock-runs-already" in town.verbs(case)
    with town.authority.system_read(region="JA") as act:
        assert len(act.find_all(LegalClock, case_id=case.id)) == 1


def test_loop_items_have_clocks_of_their_own_beside_the_variable(town: Town) -> None:
    case = town.open()
    with town.authority.system("test", region="JA") as act:
        held = act.lock_case(case.id)
        papers = [clocks.start(act, held, "debt", item=item) for item in ("申请表", "领款凭证")]
        act.record("debts", case)
    with town.authority.system("test", region="JA") as act:
        clocks.stop(act, act.lock_case(case.id), "debt", item="申请表")
        act.record("debts", case)

    with town.authority.system_read(region="JA") as act:
        states = {clock.item: clock.state for clock in act.find_all(LegalClock, case_id=case.id, code="debt")}
        told = act.work.variables(case.root_instance_id, ["clocks"])["clocks"]["debt"]["state"]
    assert states == {"申请表": ClockState.STOPPED, "领款凭证": ClockState.RUNNING}
    assert (told, papers[0].length) == ("parked", Decimal(5))


def test_a_day_off_declared_later_moves_clock_timer_badge_and_is_logged(town: Town) -> None:
    case = town.open()
    with town.authority.system("test", region="JA") as act:
        counted = clocks.declare_day(act, at("2026-03-05T00:00").date(), working=False, name="台风停工")

    with town.authority.system_read(region="JA") as act:
        assert agreement(act, case) == {at("2026-03-11T00:00")}
        (named,) = [day for day in calendar.year(act, 2026) if day.zh == "台风停工"]
    assert "clock-recomputed" in town.verbs(case)
    assert (counted, named.counted) == (1, False)


@pytest.mark.parametrize(
    ("moment", "left", "colour"),
    [
        ("2026-03-02T09:00", 5, Colour.GREEN), ("2026-03-06T10:00", 1, Colour.AMBER), ("2026-03-07T10:00", 1, Colour.AMBER),
        ("2026-03-09T23:59", 0, Colour.AMBER), ("2026-03-10T00:00", -1, Colour.RED), ("2026-03-12T09:00", -3, Colour.RED),
    ],
)  # fmt: skip
def test_a_badge_counts_working_days(town: Town, moment: str, left: int, colour: Colour) -> None:
    case = town.open()
    town.authority.advance_to(at(moment))

    with town.authority.system_read(region="JA") as act:
        badge = badges.badge_of(act, clocks.find(act, case, "referral"))

    assert (badge.kind, badge.left, badge.colour, badge.due_on) == ("workdays", left, colour, "2026-03-09")


def test_the_explanation_says_of_each_day_why_it_counts(town: Town) -> None:
    case = town.open()
    with town.authority.read(town.who("ja-01-window")) as act:
        clock = act.find_all(LegalClock, case_id=case.id)[0]
        shown, days = case_page.clock_days(act, clock.id)

    assert shown.rule is not None
    assert [day.counted for day in days] == [True, True, True, True, False, False, True]
    assert (days[4].zh, days[0].en) == ("周末", "Working day")


def test_a_case_that_ends_stops_its_clocks(town: Town) -> None:
    case = town.open()
    town.authority.advance_to(town.clock.now() + timedelta(hours=1))
    town.complete(town.task(case, "A"), "ja-01-handler")
    town.complete(town.task(case, "B"), "ja-01-handler2")

    with town.authority.system_read(region="JA") as act:
        assert {clock.state for clock in act.find_all(LegalClock, case_id=case.id)} == {ClockState.STOPPED}
