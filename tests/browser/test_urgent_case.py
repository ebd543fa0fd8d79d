"""The urgent case in a browser, from the report of a grid worker to the file on its shelf.

P04-S01 to S21 and P14-S01 to S06 of the procedures, example district JA: money within hours, eight papers owed for five working
days. Seven come in time; the eighth is reminded of, falls due and is replaced by a record, decided by another leader than the
one who granted the aid. The clock is moved past the grant, the reminder and the deadline.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Colleague, Desk, Files, Moment, Pick, Sign

pytestmark = pytest.mark.browser

GRID, SURVEY, HANDLER, DEPUTY, LEADER = "ja-01-01-grid", "ja-01-survey", "ja-01-handler", "ja-01-deputy", "ja-01-leader"
FUND, WINDOW, ARCHIVE = "ja-01-fund", "ja-01-window", "ja-01-archive"

REPORT = {
    "求助人": "甲某一",
    "地点": "甲一村三组",
    "事由": Pick("火灾"),
    "发现时间": Moment("2026/02/10", "09:00"),
    "发现人": "网格员乙",
}
CHECK = {
    "见到本人": True,
    "核实情况": "住房过火，一家三口无处居住，急需过渡。",
    "急难属实": True,
    "急需": ["钱", "住"],
    "受助人数": 3,
    "建议金额（元）": 2000,
    "关联家庭": Colleague("甲某一", "新建家庭"),
    "经办人签名": Sign(),
    "第二人确认签名": "周凡",
}
APPROVE = {"批准意见": "同意先行救助", "批准金额（元）": 2000, "批准方式": "书面", "经办人签名": Sign()}
DELIVER = {
    "发放方式": Pick("现金"),
    "金额或物品": "2000 元",
    "领款（物）人": "甲某一",
    "发放时间": Moment("2026/02/10", "11:00"),
    "经办人签名": Sign(),
}
REPLACE = {
    "处置": "以两名工作人员记录加见证人代替",
    "两名记录人员": "华雪、杨成",
    "见证人": "村民丙",
    "查明的事实": "火灾认定书因现场封存不能取得。",
    "理由": "由两名工作人员到场记录并有见证人。",
    "依据条款": Pick("补齐手续（LS-2.3b）"),
    "经办人签名": Sign(),
}
FILING = {"类别": Pick("审核审批类"), "存放位置": "一户一档·甲一镇·甲一村盒", "件数": 12, "密级": Pick("内部"), "经办人签名": Sign()}
EVIDENCE = "急难事由佐证"
PAPERS = [
    (HANDLER, "申请表与承诺书"),
    (SURVEY, "入户(走访)记录"),
    (WINDOW, "近亲属声明"),
    (HANDLER, "审批表经办人签字"),
    (DEPUTY, "领导签字"),
    (FUND, "审批表盖章"),
    (FUND, "领款凭证"),
]


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    file = tmp_path / "材料.pdf"
    file.write_bytes(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
    return file


def move_clock(page: Page, at: str) -> None:
    """Move the server's clock as an operator does; it answers when all that was due on the way has happened."""
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "yimen_csrf")
    answer = page.request.put(
        page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + "/v2/clock",
        data={"timestamp": at},
        headers={"X-CSRF-Token": token},
    )
    assert answer.status == 204, answer.text()


def see_case(desk: Desk, case_no: str, tab: str = "") -> Page:
    desk.page.goto(f"{desk.address}/cases/{case_no}{tab}")
    expect(desk.page.locator(".case-head")).to_be_visible()
    return desk.page


def test_an_urgent_case_goes_from_the_report_to_the_closed_file(sit_down: Callable[..., Desk], paper: Path) -> None:
    grid = sit_down(GRID)
    case_no = grid.start("temporary-aid-urgent", REPORT)
    move_clock(grid.page, "2026-02-10T11:05:00+08:00")

    survey = sit_down(SURVEY)
    survey.open_task("紧急核实", case_no)
    survey.shot("walk-1-unclaimed")
    survey.claim()
    survey.complete({**CHECK, "第二名核实人员": Colleague("", "承办人")})
    survey.shot("walk-2-checked")

    deputy = sit_down(DEPUTY)
    deputy.do("先行救助批准", case_no, APPROVE, shot="walk-3-approve")

    fund = sit_down(FUND)
    fund.do("实施救助", case_no, DELIVER, shot="walk-4-deliver")

    desks = {SURVEY: survey, DEPUTY: deputy, FUND: fund, HANDLER: sit_down(HANDLER), WINDOW: sit_down(WINDOW)}
    received = {"附件": Files((paper,)), "完成日期": Moment("2026/02/10")}
    for login, name in PAPERS:
        desks[login].do(name, case_no, received)

    overview = see_case(desks[HANDLER], case_no)
    expect(overview.locator(".case-tasks")).to_contain_text(EVIDENCE)
    desks[HANDLER].shot("walk-5-one-paper-owed")

    move_clock(overview, "2026-02-24T18:00:00+08:00")
    survey.open_task(EVIDENCE, case_no)
    expect(survey.page.locator(".task-title-line")).to_contain_text("今天到期")
    survey.shot("walk-6-reminded")

    move_clock(overview, "2026-02-25T09:00:00+08:00")
    debts = see_case(desks[HANDLER], case_no, "/ledgers")
    expect(debts.locator("tr", has_text=EVIDENCE)).to_contain_text("已逾期")
    desks[HANDLER].shot("walk-7-overdue")

    deputy.page.goto(f"{deputy.address}/inbox?tab=claimable&q={case_no}")
    expect(deputy.page.locator(".inbox-list")).not_to_contain_text("无法补齐处置")
    leader = sit_down(LEADER)
    leader.do("无法补齐处置", case_no, {**REPLACE, "代替记录": Files((paper,))}, shot="walk-8-replace")
    leader.do("补办审批确认", case_no, {"符合救助条件": True, "经办人签名": Sign()})

    desks[HANDLER].do("后续需求评估", case_no, {"确认办理": False, "评估说明": "已有住处，暂无其他需求。"})
    archive = sit_down(ARCHIVE)
    archive.do("审核入档", case_no, FILING, shot="walk-9-file")

    closed = see_case(archive, case_no)
    expect(closed.locator(".case-head")).to_contain_text("已办结归档")
    expect(closed.locator(".case-head")).to_contain_text("已救助")
    expect(closed.locator(".case-tasks")).to_have_count(0)
    archive.shot("walk-10-closed")
    see_case(archive, case_no, "/diagram")
    expect(closed.locator(".djs-container")).to_be_visible()
    archive.shot("walk-11-closed-diagram")
