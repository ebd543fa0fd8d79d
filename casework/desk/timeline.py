"""What happened in a case, in words: the case's chain of the audit, each entry with its sentence and what it was about.

Only what the entries say by themselves is told (who, what, when, on what ground); payloads stay shut.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from casework import notify
from casework.act import Act
from casework.audit import Entry
from casework.law import clocks
from casework.model.cases import HumanTask
from casework.model.law import LegalClock
from casework.model.outgoing import Notification
from casework.model.record import Record
from casework.model.records import Document, LedgerEntry, Letter, Notice, Payment
from casework.records import cases, ledgers, operations

SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Words:
    """What a verb of the audit means to a reader; `kind` groups what belongs together (case, task, clock, ledger, file, money)."""

    zh: str
    en: str
    kind: str


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `actor` is None for the system; `about` is a task's title, a clock's or a ledger's name."""

    at: datetime
    actor: str | None
    verb: str
    words: Words
    about: str
    about_en: str
    ground: str | None
    clause: str | None


VERBS: Mapping[str, Words] = {
    "start": Words("发起", "Started", "case"),
    "register": Words("登记立案", "Registered", "case"),
    "open-case": Words("由其他案件发起", "Opened from another case", "case"),
    "link-household": Words("关联家庭", "Household linked", "case"),
    "link-case": Words("关联案件", "Case linked", "case"),
    "close-case": Words("结案", "Closed", "case"),
    "retry-incident": Words("故障重试", "Retried after a fault", "case"),
    "notify": Words("发送通知", "Message sent", "case"),
    notify.NOBODY_TOLD: Words("通知没有接收人", "A message had no receiver", "case"),
    "publish-message": Words("发出流程消息", "Message to the process", "case"),
    "message_start": Words("由消息发起", "Started by a message", "case"),
    "signal_start": Words("由信号发起", "Started by a signal", "case"),
    "timer_start": Words("按时发起", "Started by a timer", "case"),
    "timer": Words("时间到,流程继续", "Time was up; the process went on", "case"),
    "message": Words("收到消息,流程继续", "A message came; the process went on", "case"),
    "signal": Words("收到信号,流程继续", "A signal came; the process went on", "case"),
    "job-failed": Words("步骤执行失败", "A step failed", "case"),
    "complete-job": Words("外部系统办结步骤", "A step was done by another system", "case"),
    "fail-job": Words("外部系统未能办结步骤", "A step failed in another system", "case"),
    "throw-error": Words("外部系统报告业务错误", "Another system reported an error of the business", "case"),
    "set-retries": Words("重置重试次数", "Tries given anew", "case"),
    "cancel-instance": Words("终止流程", "Process ended from outside", "case"),
    "modify-instance": Words("人工调整流程", "Process moved by hand", "case"),
    "suspend-instance": Words("暂停流程", "Process suspended", "case"),
    "resume-instance": Words("恢复流程", "Process resumed", "case"),
    "set-variables": Words("修改流程数据", "Data of the process changed", "case"),
    "claim": Words("认领", "Claimed", "task"),
    "comment": Words("备注", "Remark", "task"),
    "throw-task-error": Words("办理中报告业务错误", "Reported an error of the business", "task"),
    "give-back": Words("归还", "Given back", "task"),
    "assign": Words("指派", "Assigned", "task"),
    "transfer": Words("转办", "Transferred", "task"),
    "complete": Words("办理", "Completed", "task"),
    "update-task": Words("调整任务", "Task adjusted", "task"),
    "deny": Words("提交未通过核对", "Not agreed to", "task"),
    "urge": Words("催办", "Urged", "task"),
    "take-off": Words("收回任务", "Taken off the desk", "task"),
    "appoint": Words("指定办理人", "Appointed by name", "task"),
    "nobody-eligible": Words("无人可办", "Nobody may do it", "task"),
    "start-clock": Words("时限开始", "Time limit started", "clock"),
    "clock-suspended": Words("时限中止", "Time limit suspended", "clock"),
    "clock-resumed": Words("时限恢复", "Time limit resumed", "clock"),
    "clock-extended": Words("时限延长", "Time limit extended", "clock"),
    "clock-restarted": Words("时限重新计算", "Time limit restarted", "clock"),
    "clock-stopped": Words("时限停止", "Time limit stopped", "clock"),
    "clock-recomputed": Words("时限重算", "Time limit counted again", "clock"),
    "ledger-open": Words("登入台账", "Entered in a ledger", "ledger"),
    "ledger-flagged": Words("台账标红", "Ledger entry turned red", "ledger"),
    "ledger-changed": Words("台账更正", "Ledger entry corrected", "ledger"),
    "ledger-struck": Words("台账销号", "Ledger entry struck off", "ledger"),
    "issue-letter": Words("出具文书", "Letter issued", "file"),
    "post-notice": Words("发布公示", "Notice posted", "file"),
    "upload": Words("上传附件", "File uploaded", "file"),
    "attach": Words("附入案卷", "File attached", "file"),
    "collect-file": Words("归集案卷", "File collected", "file"),
    "check-file": Words("核查案卷", "File checked", "file"),
    "seal-file": Words("封卷归档", "File sealed", "file"),
    "pay": Words("支付", "Paid", "money"),
    "register-aid": Words("登记救助", "Aid registered", "money"),
}
#: Steps of the machinery, and refusals (their ground may be somebody's relatives): not for every reader; the audit has them.
_UNSEEN = frozenset({"refused", "job", "draw-letter", "draw-notice", "clock-runs-already"})
_OPERATION = "operate:"

_KINDS: Mapping[str, type[Record]] = {
    "task": HumanTask, "legalclock": LegalClock, "ledgerentry": LedgerEntry, "letter": Letter, "notice": Notice,
    "document": Document, "payment": Payment, "notification": Notification,
}  # fmt: skip


def of_case(act: Act, case_no: str) -> list[Event]:
    """What happened in a case that the actor may see, newest first."""
    entries = [entry for entry in cases.timeline(act, case_no) if entry.verb not in _UNSEEN]
    about = {**_about(act, entries), **_of_the_diagram(act, case_no, entries)}
    return [_event(entry, about.get(entry.verb) or about.get(entry.subject, ("", ""))) for entry in reversed(entries)]


def _event(entry: Entry, about: tuple[str, str]) -> Event:
    return Event(
        at=entry.at, actor=None if entry.actor == SYSTEM else entry.actor, verb=entry.verb, words=_words(entry.verb),
        about=about[0], about_en=about[1], ground=entry.ground, clause=entry.clause,
    )  # fmt: skip


def _words(verb: str) -> Words:
    """A verb that the table does not know is shown as it is written: hidden it must not be."""
    if verb.startswith(_OPERATION):
        return Words("案件操作", "Operation on the case", "case")
    return VERBS.get(verb, Words(verb, verb, "case"))


def _about(act: Act, entries: Iterable[Entry]) -> dict[str, tuple[str, str]]:
    """subject -> its name in Chinese and English, one query per kind."""
    subjects: dict[str, dict[int, str]] = {}
    for entry in entries:
        kind, _, rest = entry.subject.partition(":")
        number = rest.partition(":")[0]
        if kind in _KINDS and number.isdecimal():
            subjects.setdefault(kind, {})[int(number)] = entry.subject
    found: dict[str, tuple[str, str]] = {}
    for kind, by_id in subjects.items():
        for record in act.find_all(_KINDS[kind], id=sorted(by_id), limit=len(by_id)):
            found[by_id[record.id]] = _name(act, record)
    return found


def _of_the_diagram(act: Act, case_no: str, entries: Iterable[Entry]) -> dict[str, tuple[str, str]]:
    """verb of an operation, or incident -> how the diagram calls the operation, or the element that stood still."""
    case = cases.by_number(act, case_no)
    found: dict[str, tuple[str, str] | None] = {}
    for entry in entries:
        kind, _, rest = entry.subject.partition(":")
        if entry.verb.startswith(_OPERATION) and entry.verb not in found:
            found[entry.verb] = operations.named_operation(act, case, entry.verb.removeprefix(_OPERATION))
        elif kind == "incident" and entry.subject not in found:
            found[entry.subject] = operations.named_element(act, case, rest.partition(":")[2])
    return {name: words for name, words in found.items() if words is not None}


def _name(act: Act, record: Record) -> tuple[str, str]:
    match record:
        case HumanTask():
            return record.title, record.title_en or record.title
        case LegalClock():
            rule = clocks.rules(act).get(record.code)
            return (
                (f"{rule.zh}{_item(record.item)}", f"{rule.en}{_item(record.item)}")
                if rule
                else (record.code, record.code)
            )
        case LedgerEntry():
            kind = ledgers.all_kinds(act).get(record.ledger)
            names = (kind.zh, kind.en) if kind else (record.ledger, record.ledger)
            return f"{names[0]}{_item(record.item)}", f"{names[1]}{_item(record.item)}"
        case Letter():
            return f"{record.name} {record.letter_no}", f"{record.name} {record.letter_no}"
        case Notice():
            return f"{record.name} {record.notice_no}", f"{record.name} {record.notice_no}"
        case Notification():
            return notify.told(act, record)
        case Document():
            return record.name, record.name
        case Payment():
            return f"{record.amount} 元", f"CNY {record.amount}"
    return "", ""


def _item(item: str) -> str:
    return f"({item})" if item else ""
