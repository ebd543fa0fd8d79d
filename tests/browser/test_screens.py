"""The screens one by one: open to everybody, whole on a phone, honest when something cannot be done, nothing typed is lost."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.desk import ROOT, Colleague, Desk, Moment, Pick, Sign

pytestmark = pytest.mark.browser

GRID, SURVEY, HANDLER = "ja-01-01-grid", "ja-01-survey", "ja-01-handler2"
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
    "急需": ["钱"],
    "受助人数": 3,
    "建议金额（元）": 2000,
    "关联家庭": Colleague("甲某四", "新建家庭"),
    "第二名核实人员": Colleague("", "承办人"),
    "经办人签名": Sign(),
    "第二人确认签名": "周凡",
}
SCREENS = {
    "sign-in": ("", "/sign-in"),
    "inbox": (SURVEY, "/inbox?tab=claimable"),
    "start": (GRID, "/start"),
    "start-form": (GRID, "/start/temporary-aid-urgent"),
    "search": (HANDLER, "/search"),
    "households": (HANDLER, "/search?kind=households&q=JA"),
    "ledgers": (HANDLER, "/ledgers"),
    "me": (HANDLER, "/me"),
    "definitions": ("admin", "/admin/definitions"),
    "deploy": ("admin", "/admin/deploy"),
    "incidents": ("admin", "/admin/incidents"),
    "audit": ("ja-supervisor", "/audit"),
    "people": ("admin", "/admin/people?region=JA"),
}


@pytest.fixture(scope="module")
def reported(chromium: object, address: str) -> Callable[[Callable[..., Desk]], str]:
    """Gives a case that waits for its urgent check; it is opened when the first test asks."""
    numbers: list[str] = []

    def case(sit_down: Callable[..., Desk]) -> str:
        if not numbers:
            numbers.append(sit_down(GRID).start("temporary-aid-urgent", REPORT))
        return numbers[0]

    return case


def show(desk: Desk, path: str) -> None:
    desk.page.goto(desk.address + path)
    expect(desk.page).to_have_url(re.compile(re.escape(desk.address + path.split("?", maxsplit=1)[0])))
    expect(desk.page.locator("main h1").first).to_be_attached()
    expect(desk.page.locator(".el-skeleton")).to_have_count(0)


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_keeps_nobody_out_and_fits_a_phone(name: str, sit_down: Callable[..., Desk]) -> None:
    login, path = SCREENS[name]
    desk = sit_down(login or None)
    show(desk, path)
    desk.shot(f"screen-{name}")
    faults = desk.serious_faults()
    desk.turn_into_phone()
    show(desk, path)
    desk.shot(f"phone-{name}")

    assert (faults, desk.serious_faults(), desk.too_wide()) == ([], [], 0)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_task_and_its_case_keep_nobody_out_and_fit(
    phone: bool, sit_down: Callable[..., Desk], reported: Callable[[Callable[..., Desk]], str]
) -> None:
    case_no = reported(sit_down)
    desk = sit_down(SURVEY, phone=phone)
    desk.open_task("紧急核实", case_no)
    expect(desk.page.locator(".djs-container").first).to_be_visible()
    expect(desk.page.locator(".fjs-container")).to_be_visible()
    size = "phone" if phone else "desktop"
    desk.shot(f"task-{size}")
    faults, excess = desk.serious_faults(), desk.too_wide()
    show(desk, f"/cases/{case_no}")
    desk.shot(f"case-{size}")

    assert (faults, excess, desk.serious_faults(), desk.too_wide()) == ([], 0, [], 0)


@pytest.mark.parametrize("name", ["inbox", "start-form", "ledgers", "definitions", "people"])
def test_a_screen_speaks_english_after_the_switch(name: str, sit_down: Callable[..., Desk]) -> None:
    login, path = SCREENS[name]
    desk = sit_down(login)
    desk.page.evaluate("() => localStorage.setItem('yimen.language', 'en')")
    show(desk, path)
    desk.shot(f"english-{name}")

    spoken = desk.page.locator("header nav, main h1, main h2, main th, main .fjs-form-field-label, main button").all_inner_texts()
    names = re.compile(r"[一-鿿]+[村区镇局]|甲|乙|L\d\d")
    assert [text for text in spoken if re.search(r"[一-鿿]", names.sub("", text))] == []


def test_every_refusal_of_a_file_is_drawn_at_its_element(sit_down: Callable[..., Desk], tmp_path: Path) -> None:
    broken = (ROOT / "processes" / "temporary-aid-urgent" / "temporary-aid-urgent.bpmn").read_text("utf-8")
    broken = re.sub(r'formId="F36-urgent-check"', 'formId="F99-missing"', broken)
    broken = re.sub(r'formId="F38-delivery"', 'formId="F98-missing"', broken)
    file = tmp_path / "broken.bpmn"
    file.write_text(broken, "utf-8")
    desk = sit_down("admin")
    show(desk, "/admin/deploy")
    desk.page.locator(".deploy-input").set_input_files(str(file))
    desk.page.get_by_role("button", name="部署 1 个文件").click()

    expect(desk.page.locator(".deploy-refused")).to_be_visible()
    drawn = desk.page.locator(".ym-problem")
    expect(drawn.first).to_be_visible()
    desk.page.locator(".deploy-problem").first.click()
    desk.page.locator(".deploy-refused").scroll_into_view_if_needed()
    desk.shot("deploy-refused")
    assert {"P04-S03", "P04-S11"} <= set(drawn.evaluate_all("all => all.map(one => one.dataset.elementId)"))
    assert desk.page.locator(".deploy-problem code", has_text="P04-S03").count() >= 1


def test_an_error_that_only_the_server_finds_stands_at_its_field(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down(GRID)
    show(desk, "/start/temporary-aid-urgent")
    desk.fill({**REPORT, "发现时间": Moment("2026/12/31", "09:00")})
    desk.page.get_by_role("button", name="提交登记").click()

    expect(desk.field("发现时间").locator(".fjs-form-field-error")).to_contain_text("时间不能晚于现在")
    expect(desk.page.locator(".form-summary")).to_contain_text("发现时间")
    expect(desk.field("求助人").locator("input")).to_have_value("甲某一")


def test_the_second_of_two_who_claim_is_told_who_was_first(sit_down: Callable[..., Desk]) -> None:
    case_no = sit_down(GRID).start("temporary-aid-urgent", {**REPORT, "求助人": "甲某二"})
    first, second = sit_down(SURVEY), sit_down(HANDLER)
    first.open_task("紧急核实", case_no)
    second.open_task("紧急核实", case_no)
    first.claim()
    name = first.page.locator(".app-person-text > span").first.inner_text()
    second.page.locator(".task-bar").get_by_role("button", name="认领").click()

    refusal = second.page.locator(".problem-overtaken")
    expect(refusal).to_contain_text(name)
    second.shot("claim-overtaken")


def test_typing_survives_a_reload(sit_down: Callable[..., Desk]) -> None:
    case_no = sit_down(GRID).start("temporary-aid-urgent", {**REPORT, "求助人": "甲某三"})
    desk = sit_down(SURVEY)
    desk.open_task("紧急核实", case_no)
    desk.claim()
    desk.fill({"核实情况": "住房过火，暂住亲戚家。"})
    expect(desk.page.locator(".task-draft")).to_contain_text("已自动保存")
    desk.page.reload()

    expect(desk.field("核实情况").locator("textarea")).to_have_value("住房过火，暂住亲戚家。")


def test_a_double_click_on_complete_completes_once(sit_down: Callable[..., Desk]) -> None:
    case_no = sit_down(GRID).start("temporary-aid-urgent", {**REPORT, "求助人": "甲某四"})
    desk = sit_down(SURVEY)
    desk.open_task("紧急核实", case_no)
    desk.claim()
    desk.fill(CHECK)
    desk.page.get_by_role("button", name="提交办结").dblclick()
    expect(desk.page.locator(".task-done-head")).to_be_visible()
    show(desk, f"/cases/{case_no}/timeline")

    expect(desk.page.locator(".timeline-line", has_text="紧急核实").filter(has_text="办理")).to_have_count(1)


def test_a_field_error_summary_names_and_reaches_each_field(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down(GRID)
    show(desk, "/start/temporary-aid-urgent")
    expect(desk.page.locator(".fjs-container")).to_be_visible()
    desk.page.get_by_role("button", name="提交登记").click()

    summary = desk.page.locator(".form-summary")
    expect(summary).to_contain_text("求助人：此项为必填项。")
    summary.get_by_role("link", name="地点").click()
    expect(desk.field("地点").locator("input")).to_be_focused()


def test_the_inbox_is_worked_by_keys(sit_down: Callable[..., Desk], reported: Callable[[Callable[..., Desk]], str]) -> None:
    reported(sit_down)
    desk = sit_down(SURVEY)
    show(desk, "/inbox?tab=claimable")
    expect(desk.page.locator("[data-row]").first).to_be_visible()
    desk.page.keyboard.press("j")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator(".task-title-line h1")).to_be_visible()
    desk.shot("inbox-keys")
    desk.page.keyboard.press("?")

    expect(desk.page.get_by_role("dialog", name="键盘快捷键")).to_be_visible()


def test_a_session_that_ends_asks_to_sign_in_over_the_page_and_loses_nothing(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down(GRID)
    show(desk, "/start/temporary-aid-urgent")
    desk.fill(REPORT)
    desk.page.context.clear_cookies()
    desk.page.get_by_role("button", name="提交登记").click()
    desk.page.get_by_role("button", name="示范登录").click()

    expect(desk.page.locator(".begin-done-head")).to_be_visible()
