"""What others typed is read by the rights of one's posts; who works on a step, or typed it, sees it plain."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from casework.act import Actor
from casework.authority import Authority
from casework.desk import tasks
from casework.desk.tasks import TaskView
from casework.model.cases import HumanTask
from casework.model.people import Holding, Staff
from casework.people import organisation
from casework.scenarios import script, walk
from casework.seal import Seal
from engine.clock import ManualClock
from engine.persistence import Database
from tests.conftest import DEMO_KEY

ROOT = Path(__file__).resolve().parents[3]
FILE = script.read((ROOT / "processes/temporary-aid-urgent/temporary-aid-urgent.scenarios.yaml").read_bytes())
SITUATION = "住房过火，一家三口无处居住，急需过渡。"


@contextmanager
def urgent_case(url: str, folder: Path, steps: int) -> Iterator[Authority]:
    """The urgent case of P04-T2 after its first steps: 2 leave the check open, 3 have it done."""
    scenario = next(one for one in FILE.scenarios if one.name == "P04-T2")
    clock = ManualClock(scenario.clock - timedelta(hours=1))
    with closing(Database(url)) as database:
        authority = Authority(database, clock, seal=Seal(DEMO_KEY), files=folder / "files", lease_clock=clock)
        walk.run(authority, FILE, replace(scenario, steps=FILE.parts["aided-ja"][:steps]))
        yield authority


def seen(authority: Authority, login: str) -> TaskView:
    """The page of the check (its situation is M-HEALTH, its amount M-MONEY) as somebody sees it."""
    with authority.system_read(region="JA") as act:
        person = act.find(Staff, login=login)
        (task,) = act.find_all(HumanTask, element_id="P04-S03")
    assert person is not None
    with authority.read(Actor(person.id, person.name, person.login, person.region)) as act:
        return tasks.view(act, task.id)


@pytest.mark.parametrize(
    ("login", "situation", "masked"),
    [
        ("ja-01-office-head", "****", ("Field_situation",)), ("ja-01-leader", SITUATION, ()), ("ja-01-handler2", SITUATION, ()),
    ],
)  # fmt: skip
def test_what_was_typed_is_masked_for_a_head_without_the_right(
    login: str, situation: str, masked: tuple[str, ...], demo_database_url: str, tmp_path: Path
) -> None:
    with urgent_case(demo_database_url, tmp_path, steps=3) as authority:
        page = seen(authority, login)

    assert (page.submitted["situation"], page.submitted["amount"], page.masked) == (situation, 2000, masked)


def test_who_typed_it_sees_it_plain_after_she_lost_the_post(demo_database_url: str, tmp_path: Path) -> None:
    with urgent_case(demo_database_url, tmp_path, steps=3) as authority:
        with authority.system("test", region="JA") as act:
            (task,) = act.find_all(HumanTask, element_id="P04-S03")
            person = act.get(Staff, task.closed_by or 0)
            for held in organisation.holdings_of(act, person.id):
                holding = act.find(Holding, staff_id=person.id, post=held.post, office_id=held.office.id, until_on=None)
                assert holding is not None
                organisation.end_holding(act, holding.id)

        page = seen(authority, person.login)

    assert (page.submitted["situation"], page.masked) == (SITUATION, ())


def test_the_open_form_shows_who_works_on_it_everything_and_a_head_what_her_posts_may_see(demo_database_url: str, tmp_path: Path) -> None:
    with urgent_case(demo_database_url, tmp_path, steps=2) as authority:
        with authority.system("test", region="JA") as act:
            (task,) = act.find_all(HumanTask, element_id="P04-S03")
            act.work.set_variables(task.id, {"situation": SITUATION})
            act.record("set", task)

        at_the_step, head = seen(authority, "ja-01-survey"), seen(authority, "ja-01-office-head")

    assert (at_the_step.data["situation"], at_the_step.masked) == (SITUATION, ())
    assert (head.data["situation"], head.masked) == ("****", ("Field_situation",))
