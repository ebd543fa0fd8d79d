"""Notices (公示、公开): number, frozen data of the fields allowed, a file drawn once, and until when it stays.

The allow-list and the masks are those of `letters.yaml`; a field that is not listed there cannot be made public. Places and
proofs, objections and their checks belong to the procedure that steers a notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from casework import outbox
from casework.act import Act
from casework.law import limits
from casework.model.cases import CaseFile
from casework.model.people import Office
from casework.model.records import Document, Notice
from casework.records import documents, ledgers, letters
from engine.model import Json

DRAW = "notice.draw"


def post(act: Act, case: CaseFile, code: str, data: Mapping[str, Json]) -> Notice:
    """Publish a notice: number, frozen data; drawn after commit. InvalidInput for a field that may not be made public."""
    kind = letters.kind(act, code)
    letters.allowed(kind, data)
    number = letters.next_number(act, kind, case)
    until = _until(act, kind.months)
    footer = letters.SYNTHETIC if act.get(Office, case.office_id).synthetic else ""  # no case number in public
    content = letters.frozen(act, case, kind, data, noticeNo=number, until=until.isoformat() if until else None, footer=footer)
    notice_id = act.new_id()
    notice = act.add(
        Notice(
            region=act.region, id=notice_id, notice_no=number, kind=code, name=kind.zh, case_id=case.id, template=kind.template,
            template_version=content["files"][kind.template],
            data_sealed=act.house.seal.close(content, region=act.region, purpose=f"notice:{notice_id}"), posted_at=act.now,
            until_on=until, removed_at=None, document_id=None, sha256=None,
        )
    )
    outbox.put(act, DRAW, {"noticeId": notice_id}, case_id=case.id, cause=f"draw:notice:{notice_id}")
    act.record("post-notice", notice, after={"noticeNo": number, "kind": code}, clause=kind.clause)
    if kind.ledger is not None:
        removed = until.isoformat() if until else None
        entry = {"noticeNo": number, "notice": kind.zh, "postedAt": act.now.isoformat(), "removeAt": removed}
        ledgers.add(act, case, kind.ledger, entry, item=number)
    return notice


def draw(act: Act, notice_id: int) -> Document:
    """Draw a notice that is not drawn yet; else the document it has."""
    notice = act.lock(Notice, notice_id)
    if notice.document_id is not None:
        return act.get(Document, notice.document_id)
    content = act.house.seal.open(notice.data_sealed, region=act.region, purpose=f"notice:{notice_id}")
    pdf = letters.pdf_of(act, notice.template, content, notice.posted_at)
    document = documents.keep(act, f"{notice.notice_no}.pdf", letters.PDF, pdf, case_id=notice.case_id, verb="draw-notice")
    act.change(notice, document_id=document.id, sha256=document.sha256)
    return document


def of_case(act: Act, case_id: int) -> list[Notice]:
    """The notices of a case, oldest first."""
    return act.find_all(Notice, case_id=case_id)


def _until(act: Act, months: int | None) -> date | None:
    return None if months is None else limits.add_months(act.today, months)
