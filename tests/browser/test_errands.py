"""Errands around the tasks: a fault repaired, a letter read, a task given away and urged, something reported on the case itself."""

import re
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import Colleague, Desk, Moment, Pick, Sign

pytestmark = pytest.mark.browser

MODELS = Path(__file__).parent / "models"
GRID, WINDOW, SURVEY, HANDLER, HEAD = "ja-01-01-grid", "ja-01-window", "ja-01-survey", "ja-01-handler", "ja-01-office-head"
ADMINISTRATOR = "admin"
LAPTOP = {"width": 1280, "height": 800}
REPORT = {
    "求助人": "甲某一",
    "地点": "甲一村三组",
    "事由": Pick("火灾"),
    "发现时间": Moment("2026/02/10", "09:00"),
    "发现人": "网格员乙",
}
NOT_URGENT = {
    "见到本人": True,
    "核实情况": "灶台冒烟，没有财物损失。",
    "急难属实": False,
    "关联家庭": Colleague("甲某一", "新建家庭"),
    "第二名核实人员": Colleague("", "承办人"),
    "经办人签名": Sign(),
    "第二人确认签名": "周凡",
}
EXPLAINED = {
    "解释方式": "当面解释",
    "查明的事实": "上门核实没有过火和财物损失。",
    "依据条款": Pick("书面说明不予救助（LZ-I4）"),
    "确认办理": False,
    "经办人签名": Sign(),
}


@pytest.fixture(params=[False, True], ids=["laptop", "phone"])
def at(request: pytest.FixtureRequest, sit_down: Callable[..., Desk]) -> Callable[[str], Desk]:
    """Gives a person's desk with a screen of 1280 pixels, or her phone."""

    def sit(login: str) -> Desk:
        desk = sit_down(login, phone=request.param)
        if not request.param:
            desk.page.set_viewport_size({"width": LAPTOP["width"], "height": LAPTOP["height"]})
        return desk

    return sit


@pytest.fixture(scope="module")
def deployed(chromium: object, address: str) -> Callable[[Desk], None]:
    """Takes the two matters of these tests into use when the first test asks."""
    done: list[bool] = []

    def deploy(admin: Desk) -> None:
        if done:
            return
        show(admin, "/admin/deploy")
        files = [str(MODELS / name) for name in ("correctable.bpmn", "correction.form", "unmanned.bpmn")]
        admin.page.locator(".deploy-input").set_input_files(files)
        admin.page.get_by_role("button", name="部署 3 个文件").click()
        expect(admin.page.get_by_text("已部署，立即生效")).to_be_visible()
        done.append(True)

    return deploy


def show(desk: Desk, path: str) -> Page:
    desk.page.goto(desk.address + path)
    expect(desk.page.locator("main h1").first).to_be_attached()
    expect(desk.page.locator(".el-skeleton")).to_have_count(0)
    return desk.page


def shot(desk: Desk, name: str) -> None:
    size = desk.page.viewport_size
    desk.shot(f"errand-{name}-{'laptop' if size and size['width'] == LAPTOP['width'] else 'phone'}")


def faults(desk: Desk) -> tuple[list[str], int]:
    """What keeps people out of the page as it is now, and by how much it is too wide."""
    return desk.serious_faults(), desk.too_wide()


def own_name(desk: Desk) -> str:
    """The name of who is signed in at this desk."""
    answer = desk.page.request.get(f"{desk.address}/api/me")
    return str(answer.json()["staff"]["name"])


def incident(admin: Desk, case_no: str) -> Locator:
    return show(admin, "/admin/incidents").locator(".incident", has_text=case_no)


def retry(admin: Desk, case_no: str, said: str) -> None:
    incident(admin, case_no).get_by_role("button", name="重试").click()
    expect(admin.page.locator(".el-message", has_text=said)).to_be_visible()


def operate(desk: Desk, case_no: str, name: str) -> Locator:
    """Opens an operation of the case; gives its window."""
    show(desk, f"/cases/{case_no}").get_by_role("button", name=name).click()
    window = desk.page.get_by_role("dialog", name=name)
    expect(window.locator(".fjs-container")).to_be_visible()
    return window


def correct(desk: Desk, case_no: str, amount: int) -> None:
    window = operate(desk, case_no, "更正金额")
    desk.fill({"更正后的金额（元）": amount, "更正理由": "登记时漏填"})
    window.get_by_role("button", name="提交").click()
    expect(desk.page.locator(".el-message", has_text="已办理：更正金额")).to_be_visible()


def check_task(desk: Desk, name: str) -> str:
    """A reported case whose urgent check waits in the queue."""
    return desk.start("temporary-aid-urgent", {**REPORT, "求助人": name})


def test_a_case_that_stands_still_says_so_and_goes_on_after_repair_and_retry(at: Callable[[str], Desk], deployed: Callable[[Desk], None]) -> None:
    admin, window = at(ADMINISTRATOR), at(WINDOW)
    deployed(admin)
    case_no = window.start("correctable", {})

    row = incident(admin, case_no)
    expect(row).to_contain_text("条件无法判断")
    expect(row).to_contain_text("请经办人在案件页补正数据后再重试")
    shot(admin, "incident")
    found = faults(admin)
    retry(admin, case_no, "重试后仍然停在这里")
    show(window, f"/cases/{case_no}")
    expect(window.page.locator(".case-still")).to_contain_text("案件在“金额多少”停住了")
    shot(window, "standing-still")
    standing = faults(window)
    correct(window, case_no, 900)
    retry(admin, case_no, "已恢复")

    expect(incident(admin, case_no)).to_have_count(0)
    show(window, f"/cases/{case_no}")
    expect(window.page.locator(".case-still")).to_have_count(0)
    expect(window.page.locator(".case-tasks")).to_contain_text("小额审核")
    show(window, f"/cases/{case_no}/timeline")
    expect(window.page.locator(".timeline-line", has_text="故障重试").first).to_contain_text("金额多少")
    expect(window.page.locator(".timeline-line", has_text="案件操作")).to_contain_text("更正金额")
    shot(window, "repaired-timeline")
    assert (found, standing) == (([], 0), ([], 0))


def test_a_step_for_which_there_is_nobody_goes_on_when_somebody_was_given_the_post(
    sit_down: Callable[..., Desk], deployed: Callable[[Desk], None]
) -> None:
    admin, window = sit_down(ADMINISTRATOR), sit_down(WINDOW)
    deployed(admin)
    case_no = window.start("unmanned", {})
    expect(incident(admin, case_no)).to_contain_text("“部门答复”没有可以办理的人员")
    retry(admin, case_no, "重试后仍然停在这里")

    show(admin, "/admin/people?region=JA").get_by_role("textbox", name="查找姓名、账号、岗位").fill(WINDOW)
    admin.page.locator("tr", has_text=WINDOW).get_by_role("button", name="任职").click()
    for label, words in (("岗位", "信访专员"), ("机构", "甲一镇")):
        admin.page.get_by_role("dialog").get_by_label(label).click()
        admin.page.get_by_role("option", name=words, exact=True).click()
    admin.page.get_by_role("dialog").get_by_role("button", name="任职").click()
    expect(admin.page.get_by_role("dialog")).to_have_count(0)
    retry(admin, case_no, "已恢复")

    window.open_task("部门答复", case_no)
    window.claim()


def test_an_operation_on_the_case_is_checked_and_loses_nothing_that_was_typed(at: Callable[[str], Desk], deployed: Callable[[Desk], None]) -> None:
    deployed(at(ADMINISTRATOR))
    desk = at(WINDOW)
    case_no = desk.start("correctable", {})
    window = operate(desk, case_no, "更正金额")
    window.get_by_role("button", name="提交").click()
    expect(window.locator(".form-summary")).to_contain_text("更正理由：此项为必填项。")
    desk.fill({"更正后的金额（元）": 9000, "更正理由": "登记时漏填"})
    window.get_by_role("button", name="提交").click()

    expect(desk.field("更正后的金额（元）").locator(".fjs-form-field-error")).to_contain_text("金额不能超过 5000 元")
    expect(window.locator(".form-summary")).to_contain_text("金额不能超过 5000 元")
    shot(desk, "operation-refused")
    found = faults(desk)
    window.get_by_role("button", name="取消").click()
    desk.page.reload()
    operate(desk, case_no, "更正金额")
    expect(desk.field("更正理由").locator("textarea")).to_have_value("登记时漏填")
    expect(desk.field("更正后的金额（元）").locator("input")).to_have_value("9000")
    desk.fill({"更正后的金额（元）": 800})
    window.get_by_role("button", name="提交").click()
    expect(desk.page.locator(".el-message", has_text="已办理：更正金额")).to_be_visible()
    assert found == ([], 0)


def test_a_change_of_the_household_is_reported_on_the_urgent_case_and_comes_to_the_handler(at: Callable[[str], Desk]) -> None:
    window = at(WINDOW)
    case_no = window.start("temporary-aid-urgent", {**REPORT, "求助人": "甲某五"})
    opened = operate(window, case_no, "登记家庭变动")
    shot(window, "household-change")
    window.fill({"变动类型": Pick("成员增减"), "发生日期": Moment("2026/02/09"), "涉及人员": "甲某五之母"})
    opened.get_by_role("button", name="提交").click()
    expect(window.page.locator(".el-message", has_text="已办理：登记家庭变动")).to_be_visible()

    handler = at(HANDLER)
    handler.open_task("处置家庭变动", case_no)
    expect(handler.page.locator(".task-main")).to_contain_text("变动：成员增减，发生于 2026-02-09。")
    shot(handler, "household-change-task")


def test_a_head_assigns_a_task_and_it_lies_on_the_desk_of_the_officer(at: Callable[[str], Desk]) -> None:
    case_no = check_task(at(GRID), "甲某六")
    head = at(HEAD)
    show(head, f"/cases/{case_no}").locator(".case-tasks [data-row]", has_text="紧急核实").click()
    head.page.get_by_role("button", name="指派").click()
    dialog = head.page.get_by_role("dialog", name="指派")
    expect(dialog.get_by_role("button", name="确定指派")).to_be_disabled()
    survey = at(SURVEY)
    dialog.get_by_label("指派给").select_option(label=f"{own_name(survey)} · 甲一镇 · 入户调查员")
    shot(head, "assign")
    found = faults(head)
    dialog.get_by_role("button", name="确定指派").click()
    expect(head.page.locator(".el-message", has_text="已指派")).to_be_visible()
    expect(head.page.get_by_role("button", name="指派")).to_have_count(0)
    expect(head.page.locator(".task-facts")).to_contain_text(f"经办：{own_name(survey)}")
    shot(head, "assigned")

    survey.open_task("紧急核实", case_no, tab="mine")
    expect(survey.page.get_by_role("button", name="提交办结")).to_be_visible()
    assert found == ([], 0)


def test_a_head_urges_and_the_officer_sees_it_and_a_second_time_is_told_when_again(at: Callable[[str], Desk]) -> None:
    case_no = check_task(at(GRID), "甲某七")
    survey = at(SURVEY)
    survey.open_task("紧急核实", case_no)
    survey.claim()
    head = at(HEAD)
    show(head, f"/cases/{case_no}").locator(".case-tasks [data-row]", has_text="紧急核实").click()
    head.page.get_by_role("button", name="催办").click()
    expect(head.page.locator(".el-message", has_text="已催办")).to_be_visible()
    expect(head.page.locator(".task-urged")).to_contain_text("已催办 1 次")
    head.page.get_by_role("button", name="催办").click()
    expect(head.page.locator(".problem")).to_contain_text(re.compile(r"四小时内已催办过,02-10 \d\d:\d\d 以后可以再催。"))
    expect(head.page.locator(".problem")).not_to_contain_text("urged")
    shot(head, "urged-twice")
    found = faults(head)

    show(survey, f"/inbox?tab=mine&q={case_no}")
    expect(survey.page.locator("[data-row]").first).to_contain_text("催办 1")
    shot(survey, "urged-inbox")
    assert (found, faults(survey)) == (([], 0), ([], 0))


def test_a_head_reads_a_step_that_is_done_masked_by_the_rights_of_her_post(at: Callable[[str], Desk]) -> None:
    case_no = check_task(at(GRID), "甲某九")
    survey, head = at(SURVEY), at(HEAD)
    survey.do("紧急核实", case_no, NOT_URGENT)
    survey.open_task("紧急核实", case_no, tab="done")
    expect(survey.field("核实情况").locator("textarea")).to_have_value("灶台冒烟，没有财物损失。")
    found = re.search(r"\d{10,}", survey.page.url)
    assert found

    show(head, f"/tasks/{found.group()}")
    expect(head.field("核实情况").locator("input")).to_have_value("****")
    expect(head.page.get_by_text("部分内容按岗位权限遮蔽显示。")).to_be_visible()
    expect(head.page.locator(".fjs-form-field-error")).to_have_count(0)
    shot(head, "masked")
    assert faults(head) == ([], 0)


def in_english(desk: Desk) -> Desk:
    desk.page.evaluate("() => localStorage.setItem('yimen.language', 'en')")
    return desk


def chinese_in(place: Locator, *names: str) -> list[str]:
    """What is still said in Chinese on the lines of a place; names of things that somebody named are left aside."""
    text = place.inner_text()
    for name in names:
        text = text.replace(name, "")
    return [line for line in text.splitlines() if re.search("[\u4e00-\u9fff]", line)]


def test_incident_standstill_and_operation_are_told_in_english_too(sit_down: Callable[..., Desk], deployed: Callable[[Desk], None]) -> None:
    deployed(sit_down(ADMINISTRATOR))
    case_no = sit_down(WINDOW).start("correctable", {})
    admin, window = in_english(sit_down(ADMINISTRATOR)), in_english(sit_down(WINDOW))

    row = incident(admin, case_no)
    show(window, f"/cases/{case_no}").get_by_role("button", name="Correct the amount").click()
    dialog = window.page.get_by_role("dialog", name="Correct the amount")
    expect(dialog.locator(".fjs-container")).to_be_visible()
    dialog.get_by_role("button", name="Submit").click()
    expect(dialog.locator(".form-summary")).to_be_visible()
    window.shot("errand-operation-english")

    still = window.page.locator(".case-still")
    assert [chinese_in(row, "金额多少"), chinese_in(dialog), chinese_in(still, "金额多少")] == [[], [], []]


def test_what_was_sent_to_whom_is_told_in_the_timeline_in_both_languages(sit_down: Callable[..., Desk]) -> None:
    case_no = check_task(sit_down(GRID), "甲某八")
    handler = sit_down(HANDLER)
    show(handler, f"/cases/{case_no}/timeline")
    line = handler.page.locator(".timeline-line", has_text="发送通知")
    expect(line).to_contain_text("致甲一镇")
    expect(line).to_contain_text("短信,待发出")
    expect(line).to_contain_text("【急难救助】甲一村三组 甲某八 遭遇火灾")
    handler.shot("errand-timeline-messages")

    show(in_english(handler), f"/cases/{case_no}/timeline")
    english = handler.page.locator(".timeline-line", has_text="Message sent")
    expect(english).to_contain_text("text message, not sent yet")
    assert chinese_in(english, "甲一镇", "甲一村三组", "甲某八") == []


def letters_in(pdf: bytes) -> set[str]:
    """The characters that a PDF knows as text: those its fonts map to Unicode (ISO 32000-1, 9.10.3)."""
    known: set[str] = set()
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            plain = zlib.decompress(found[1])
        except zlib.error:
            continue  # a picture or a font program, not a table of characters
        for block in re.findall(rb"beginbfchar(.*?)endbfchar", plain, re.DOTALL):
            known |= {bytes.fromhex(code.decode()).decode("utf-16-be") for code in re.findall(rb"<[0-9A-Fa-f]+>\s*<([0-9A-Fa-f]+)>", block)}
    return known


def test_a_letter_opens_from_the_case_as_a_pdf_with_chinese_text(at: Callable[[str], Desk]) -> None:
    case_no = check_task(at(GRID), "甲某一")
    survey, handler = at(SURVEY), at(HANDLER)
    survey.do("紧急核实", case_no, NOT_URGENT)
    handler.open_task("不予救助解释", case_no)
    handler.claim()
    shot(handler, "explain")
    handler.page.locator(".fjs-form-field-textarea", has_text="理由").last.locator("textarea").fill("没有造成基本生活困难，不属急难。")
    handler.complete(EXPLAINED)
    show(handler, f"/cases/{case_no}/papers")
    link = handler.page.locator(".case-list a", has_text="临时救助").first
    expect(link).to_be_visible()
    shot(handler, "papers")
    found = faults(handler)
    href = link.get_attribute("href") or ""
    with handler.page.context.expect_event("response", lambda answer: href in answer.url) as answered:
        link.click()

    answer = answered.value
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    content = handler.page.request.get(handler.address + href).body()
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")
    assert set("甲某一不予救助") <= letters_in(content)
    assert found == ([], 0)
