"""The aid register and payments: what a household was granted, and what was handed over. Decides no amount.

Both leave lines in their ledgers (roll of the aided, payments), so that a report never needs the tables behind.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from casework.act import Act
from casework.model.cases import CaseFile
from casework.model.people import Office
from casework.model.records import Aid, Payment
from casework.records import ledgers
from engine.errors import InvalidInput
from engine.model import BpmnError, Json

ROLL = "L10"
PAYMENTS = "L11"
REJECTED = "paymentRejected"


def register(act: Act, case: CaseFile, *, kind: str, grade: str | None, amount: Decimal, from_on: date, until_on: date | None = None) -> Aid:
    """Put an aid on the register and on the roll of the aided; `amount` in yuan, once or per month as the kind has it."""
    if amount < 0:
        raise InvalidInput("救助金额不能为负。", "An amount of aid is not negative.")
    aid = act.add(
        Aid(
            region=act.region, id=act.new_id(), case_id=case.id, household_id=case.household_id, kind=kind, grade=grade, amount=amount,
            from_on=from_on, until_on=until_on,
        )
    )
    act.record("register-aid", aid, after={"kind": kind, "class": grade, "amount": amount, "from": from_on.isoformat()})
    ledgers.add(
        act, case, ROLL,
        {"name": case.person_name, "kind": kind, "class": grade, "amount": amount, "from": from_on.isoformat()},
    )  # fmt: skip
    return aid


def pay_now(act: Act, case: CaseFile, *, job_id: int, payee: str, amount: Decimal, way: str, part: bool = False) -> Payment:
    """Enter a payment out of the reserve fund, once per job. BpmnError `paymentRejected` where nothing can be paid: no payee,
    or no sum."""
    if amount < 0 or not payee.strip():
        raise BpmnError(REJECTED, "领款人为空或金额为负")
    office = act.get(Office, case.office_id)
    number = act.next_number("receipt", office=office.code)
    payment = act.add(
        Payment(
            region=act.region, id=act.new_id(), case_id=case.id, job_id=job_id, payee=payee.strip(), amount=amount, way=way,
            receipt=f"{office.code}-FK-{act.today.year}-{number:05}", part=part, paid_at=act.now, month=f"{act.today:%Y-%m}",
        )
    )
    act.record("pay", payment, after={"payee": payment.payee, "amount": amount, "way": way, "receipt": payment.receipt})
    ledgers.add(
        act, case, PAYMENTS, {"payee": payment.payee, "amount": amount, "way": way, "receipt": payment.receipt}
    )  # fmt: skip
    return payment


def of_case(act: Act, case_id: int) -> tuple[list[Aid], list[Payment]]:
    """What a case registered and what it paid, oldest first."""
    return act.find_all(Aid, case_id=case_id), act.find_all(Payment, case_id=case_id)


def money(value: Json, what: str) -> Decimal:
    """A sum that a diagram gives; InvalidInput where it is no number."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise InvalidInput(f"{what}不是数字。", f"{what} is not a number.")
    return Decimal(value)


def day_of(act: Act, value: Json, what: str) -> date:
    """The day, on the office's calendar, of a date or moment that a diagram gives; InvalidInput for anything else."""
    try:
        text = str(value)
        if len(text) == len("2026-02-14"):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise InvalidInput(f"{what}不是日期。", f"{what} is not a date.") from wrong
    return (moment if moment.tzinfo is None else moment.astimezone(act.house.zone)).date()
