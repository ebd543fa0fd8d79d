"""The timeline of a case in words: who was told what over which channel, what was mended; titles that can be told apart."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from casework import administration, notify
from casework.act import Actor
from casework.authority import Authority
from casework.desk import timeline
from casework.model.cases import CaseFile, HumanTask
from casework.model.people import Staff
from casework.people import signin
from casework.records import case_page, operations, starting
from casework.scenarios import script, walk
from casework.seal import Seal
from engine.clock import ManualClock
from engine.model import Resource
from engine.persistence import Database
from tests.casework.conftest import Town
from tests.conftest import DEMO_KEY

ROOT = Path(__file__).resolve().parents[3]
FILE = script.read((ROOT / "processes/temporary-aid-urgent/temporary-aid-urgent.scenarios.yaml").read_bytes())
CHINESE = re.compile("[\u4e00-\u9fff]")


def told(town: Town, case: CaseFile, login: str, verb: str = "notify") -> list[tuple[str, str]]:
    with town.authority.read(town.who(login)) as act:
        return [(event.about, event.about_en) for event in timeline.of_case(act, case.case_no) if event.verb == verb]


def send(town: Town, case: CaseFile, channel: str, posts: list[str]) -> None:
    with town.authority.system("test", region=case.region) as act:
        data = {"name": "甲某一", "place": "甲一村3号", "dueAt": "2026-03-03T09:00:00+08:00"}
        notify.notify(act, act.lock_case(case.id), "urgentAidAmber", channel, posts, data)


@pytest.mark.parametrize(
    ("channel", "zh", "en"),
    [
        ("inbox", "(系统内消息)", "(message in the system)"),
        ("sms", "(短信,待发出)", "(text message, not sent yet)"),
        ("phone", "(电话,待发出)", "(telephone, not sent yet)"),
    ],
)
def test_a_message_says_to_whom_it_went_by_which_channel_and_what_it_said(town: Town, channel: str, zh: str, en: str) -> None:
    case = town.open()
    send(town, case, channel, ["deputy-leader", "case-handler"])

    ((line, english),) = told(town, case, "ja-01-handler")

    assert line == f"致甲一镇分管领导、甲一镇承办人{zh}:【临近时限】甲一村3号 甲某一 的急难救助将于 2026-03-03 09:00 到期，请立即处理。"
    assert english.endswith(f"{en}: Urgent aid for 甲某一 at 甲一村3号 is due at 2026-03-03 09:00: please act now.")
    assert not CHINESE.search(english.replace("甲某一", "").replace("甲一村3号", ""))


def test_two_messages_at_one_moment_are_two_lines_each_with_its_own_receivers(town: Town) -> None:
    case = town.open()
    send(town, case, "inbox", ["deputy-leader"])
    send(town, case, "phone", ["case-handler"])

    lines = [zh.partition(":")[0] for zh, _ in told(town, case, "ja-01-handler")]

    assert lines == ["致甲一镇承办人(电话,待发出)", "致甲一镇分管领导(系统内消息)"]


def test_what_a_message_says_is_not_shown_to_a_post_that_may_not_see_addresses(town: Town) -> None:
    report = {"name": "甲某一", "place": "甲二街道甲三社区", "urgentCause": "fire", "foundAt": "2026-03-02T08:30:00+08:00", "finder": "网格员"}
    with town.authority.act(town.who("ja-platform")) as act:
        case = starting.start(act, "temporary-aid-urgent", report)

    told_to_clerk = told(town, case, "ja-platform")
    told_to_handler = told(town, case, "ja-02-handler")

    assert all(zh.endswith("):内容不对您的岗位显示") and "甲某一" not in en for zh, en in told_to_clerk)
    assert [bool("甲某一" in zh and "甲某一" in en) for zh, en in told_to_handler] == [True] * len(told_to_clerk) != []


def test_a_message_to_a_post_that_no_office_of_the_case_has_is_on_record_as_without_a_receiver(town: Town) -> None:
    case = town.open()
    send(town, case, "inbox", [])

    assert (told(town, case, "ja-01-handler"), len(told(town, case, "ja-01-handler", notify.NOBODY_TOLD))) == ([], 1)


@contextmanager
def aided(url: str, folder: Path) -> Iterator[Authority]:
    """An urgent case whose aid was handed over, so that its eight papers are owed."""
    scenario = next(one for one in FILE.scenarios if one.name == "P04-T2")
    clock = ManualClock(scenario.clock - timedelta(hours=1))
    with closing(Database(url)) as database:
        authority = Authority(database, clock, seal=Seal(DEMO_KEY), files=folder / "files", lease_clock=clock)
        walk.run(authority, FILE, replace(scenario, steps=FILE.parts["aided-ja"]))
        yield authority


def test_the_papers_that_are_owed_can_be_told_apart_in_english_as_in_chinese(demo_database_url: str, tmp_path: Path) -> None:
    with aided(demo_database_url, tmp_path) as authority, authority.system_read(region="JA") as act:
        papers = act.find_all(HumanTask, element_id="P04-S14")

    assert len(papers) == 8
    assert len({task.title for task in papers}) == len({task.title_en for task in papers}) == 8
    assert [task.title_en for task in papers if CHINESE.search(task.title_en)] == []


def test_the_warning_before_the_deadline_is_told_in_words_in_the_timeline_of_the_urgent_case(demo_database_url: str, tmp_path: Path) -> None:
    with aided(demo_database_url, tmp_path) as authority:
        with authority.system_read(region="JA") as act:
            (case,) = act.find_all(CaseFile)
            handler = act.find(Staff, login="ja-01-handler")
        assert handler is not None
        with authority.read(Actor(handler.id, handler.name, handler.login, handler.region)) as act:
            lines = [event.about for event in timeline.of_case(act, case.case_no) if event.verb == "notify"]

    assert [line for line in lines if "【急难救助】甲一村三组 甲某一 遭遇火灾" in line]
    assert all(line.startswith("致甲一镇") for line in lines)


MODELS = ROOT / "tests" / "browser" / "models"


def standing_cases(town: Town, *processes: str) -> list[CaseFile]:
    """Cases of processes that stand still at once, deployed by the administrator."""
    names = [path.name for path in MODELS.iterdir()]
    with town.authority.act(administrator(town)) as act:
        administration.deploy(act, [Resource(name, (MODELS / name).read_bytes()) for name in names])
    opened = [town.open(process) for process in processes]
    settle(town)
    return opened


def administrator(town: Town) -> Actor:
    return signin.sign_in_demo(town.authority, "admin", "127.0.0.1").staff


def settle(town: Town) -> None:
    while town.authority.run_due():
        pass


def stands(town: Town, case: CaseFile) -> list[tuple[str, str]]:
    with town.authority.read(town.who("ja-01-handler")) as act:
        return [(still.element, still.zh) for still in case_page.view(act, case.case_no).standing_still]


def retry(town: Town, case: CaseFile) -> None:
    with town.authority.read(administrator(town)) as act:
        (found,) = [each for each in administration.incidents(act, limit=10) if each.case_no == case.case_no]
    with town.authority.act(administrator(town), region=found.incident.region) as act:
        administration.retry(act, found.incident.id)
    settle(town)


def test_a_repair_and_a_retry_are_named_in_the_timeline_and_the_case_no_longer_stands_still(town: Town) -> None:
    (case,) = standing_cases(town, "correctable")
    before = stands(town, case)
    with town.authority.act(town.who("ja-01-window")) as act:
        operations.operate(act, case.case_no, "correctAmount", {"amount": 500, "reason": "漏填"})
    retry(town, case)

    assert [place for place, _ in before] == ["金额多少"]
    assert stands(town, case) == []
    assert told(town, case, "ja-01-handler", "retry-incident") == [("金额多少", "金额多少")]
    assert told(town, case, "ja-01-handler", "operate:correctAmount") == [("更正金额", "Correct the amount")]


def test_a_step_for_which_there_is_still_nobody_stands_still_again_after_a_retry(town: Town) -> None:
    (case,) = standing_cases(town, "unmanned")
    before = stands(town, case)

    retry(town, case)
    again = stands(town, case)
    with town.authority.act(administrator(town), region="JA") as act:
        window = act.find(Staff, login="ja-01-window")
        assert window is not None
        administration.appoint(act, staff_id=window.id, post="petition-officer", office="JA-01", from_on=None)
    retry(town, case)

    assert before == again == [("部门答复", "“部门答复”没有可以办理的人员。")]
    assert stands(town, case) == []
