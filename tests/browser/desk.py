"""An officer at a screen: the words of the browser tests, so that a test reads as a day at the office."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"

Answer = str | int | bool | Sequence[str]


@dataclass(frozen=True, slots=True)
class Pick:
    """An option of a list, by its words."""

    words: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and, where the field asks for it, a time of day: `2026/02/10`, `09:00`."""

    day: str
    time: str | None = None


@dataclass(frozen=True, slots=True)
class Colleague:
    """A colleague or household, found by typing and taken from what is offered."""

    typed: str
    words: str


class Sign:
    """The signature of who is signed in."""


@dataclass(frozen=True, slots=True)
class Files:
    """Files chosen on this machine."""

    paths: tuple[Path, ...]


class Desk:
    """One person's browser window on the product; the person stays signed in until `leave`."""

    def __init__(self, page: Page, address: str, shots: Path) -> None:
        self.page = page
        self.address = address
        self.shots = shots

    def sign_in(self, login: str) -> None:
        """One click on the person's line of the demo authority."""
        self.page.goto(f"{self.address}/sign-in")
        self.page.locator(f"[data-login='{login}']").click()
        expect(self.page).to_have_url(re.compile("/inbox"))

    def start(self, process_id: str, answers: Mapping[str, Any]) -> str:
        """Fill in the start form and send it; gives the case number."""
        self.page.goto(f"{self.address}/start/{process_id}")
        self.fill(answers)
        self.shot(f"start-{process_id}")
        self.page.get_by_role("button", name="提交登记").click()
        done = self.page.locator(".begin-done-head")
        expect(done).to_be_visible()
        found = re.search(r"[A-Z0-9.]+(?:-[A-Z0-9]+)*-\d{4}-\d{5}", done.inner_text())
        assert found, f"no case number in: {done.inner_text()}"
        return found.group()

    def open_task(self, title: str, case_no: str, *, tab: str = "claimable") -> None:
        """Find the task in the inbox by its title and case, and open it."""
        self.page.goto(f"{self.address}/inbox?tab={tab}&q={case_no}")
        row = self.page.locator("[data-row]", has_text=title).first
        expect(row).to_contain_text(case_no)
        row.click()
        expect(self.page.locator(".task-title-line h1")).to_contain_text(title)

    def claim(self) -> None:
        self.page.locator(".task-bar").get_by_role("button", name="认领").click()
        expect(self.page.get_by_role("button", name="提交办结")).to_be_visible()

    def complete(self, answers: Mapping[str, Any]) -> None:
        """Fill in the form of the open task and send it."""
        self.fill(answers)
        self.page.get_by_role("button", name="提交办结").click()
        expect(self.page.locator(".task-done-head")).to_be_visible()

    def do(self, title: str, case_no: str, answers: Mapping[str, Any], *, shot: str | None = None) -> None:
        """Claim a task of the case and complete it."""
        self.open_task(title, case_no)
        self.claim()
        if shot:
            self.shot(shot)
        self.complete(answers)

    def fill(self, answers: Mapping[str, Any]) -> None:
        for label, answer in answers.items():
            self._answer(self.field(label), answer)
            self._next_frame()

    def field(self, label: str) -> Locator:
        """The field of the form that carries this label."""
        named = self.page.locator("label, legend, .fjs-form-field-label", has_text=re.compile(rf"^{re.escape(label)}\*?$"))
        field = self.page.locator(".fjs-form-field", has=named).last
        expect(field).to_be_visible()
        return field

    def shot(self, name: str) -> None:
        """A picture of the window when all of it is there, for people to look at."""
        for waiting in (".el-skeleton", ".path-waiting", ".el-message"):
            expect(self.page.locator(waiting)).to_have_count(0)
        self.page.screenshot(path=str(self.shots / f"{name}.png"))

    def serious_faults(self) -> list[str]:
        """What axe-core finds that keeps people out: rule, help and the first element of each."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
        return [
            f"{one['id']}: {one['help']}: {json.dumps(one['nodes'][0]['html'], ensure_ascii=False)[:200]}"
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
        ]

    def too_wide(self) -> int:
        """By how many pixels the page is wider than the window; 0 as it should be."""
        width: int = self.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return max(width, 0)

    def turn_into_phone(self) -> None:
        """Make the window as small as a phone's."""
        self.page.set_viewport_size({"width": 390, "height": 844})

    def leave(self) -> None:
        self.page.context.close()

    def _next_frame(self) -> None:
        """form-js takes an answer over with the next frame; hands are slower than that, a script is not."""
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))")

    def _answer(self, field: Locator, answer: Any) -> None:
        match answer:
            case Pick(words):
                field.locator(".fjs-select-display").click()
                field.locator(".fjs-dropdownlist-item", has_text=words).first.click()
            case Moment(day, time):
                boxes = field.locator("input.fjs-input")
                boxes.nth(0).fill(day)
                boxes.nth(0).press("Enter")
                self._next_frame()
                if time is not None:
                    boxes.nth(1).fill(time)
                    boxes.nth(1).press("Enter")
            case Colleague(typed, words):
                field.locator("input").fill(typed)
                field.locator(".ym-choice", has_text=words).first.click()
            case Sign():
                field.locator(".ym-sign").click()
            case Files(paths):
                field.locator("input[type=file]").set_input_files([str(path) for path in paths])
                expect(field.locator(".ym-file a")).to_have_count(len(paths))
            case bool():
                field.get_by_text("是" if answer else "否", exact=True).click()
            case str() | int():
                self._type(field, str(answer))
            case _:
                for words in answer:
                    field.get_by_text(words, exact=True).click()

    @staticmethod
    def _type(field: Locator, text: str) -> None:
        choice = field.locator("input[type=radio]")
        if choice.count() > 0:
            field.get_by_text(text, exact=True).click()
            return
        box = field.locator("input.fjs-input, textarea").first
        box.fill(text)
        sign = field.locator(".ym-sign")
        if sign.count() > 0:
            sign.click()
