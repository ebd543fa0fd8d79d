"""The file of a case: what it must hold, what is missing, and its seal.

What a file of each class must hold is deployed (`archives.yaml`): an item names its source, that is where the proof lies: the
start form, the form of a step, a letter, a payment, or a ledger that must be struck off. An open debt can be excused by nobody.
The seal is a digest over everything the case has produced; a sealed file is never sealed again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson

from casework import audit, deployed
from casework.act import Act
from casework.deployed import BadTable
from casework.errors import Refused
from casework.law import limits
from casework.model.cases import CaseFile, CaseState, Submission
from casework.model.records import ArchiveFile, ArchiveItem, Letter, Payment
from casework.records import documents, ledgers
from engine.errors import InvalidInput, Problem
from engine.feel import FeelSyntaxError, compile_expression
from engine.model import Json

FILE = "archives.yaml"
CATALOGUE = "L22"
DEBT = "debt"
SOURCES = frozenset({"start", "submission", "letter", "payment", "ledger"})
KINDS = frozenset({"paper", "signature", "seal", DEBT})
ARCHIVIST = "archivist"


@dataclass(frozen=True, slots=True)
class Required:
    """One thing that a file must hold. `source` and `names` say where it is found; `when` is FEEL over the case's variables."""

    item: str
    en: str
    kind: str
    post: str | None
    source: str
    names: tuple[str, ...]
    when: str | None


@dataclass(frozen=True, slots=True)
class Missing:
    """What a file lacks, in Chinese and English, and which post owes it."""

    item: str
    item_en: str
    post: str
    kind: str

    def as_variable(self) -> dict[str, Json]:
        return {"item": self.item, "itemEn": self.item_en, "post": self.post, "kind": self.kind}


def parse(tree: Json) -> dict[tuple[str, str | None], tuple[Required, ...]]:
    """`archives.yaml`: (record class, aid kind or None) -> items. Raises BadTable."""
    found = {}
    for row in deployed.rows(tree, "records"):
        key = (deployed.text(row, "recordClass"), row.get("aidKind"))
        found[key] = tuple(_required(item) for item in deployed.rows(row, "items"))
    return found


def _required(row: Mapping[str, Json]) -> Required:
    source, _, names = deployed.text(row, "source").partition(":")
    kind, when = deployed.text(row, "kind"), row.get("when")
    if source not in SOURCES or kind not in KINDS:
        raise BadTable(f"归档材料的来源或种类不明:{source}、{kind}", f"Unknown source or kind of an archive item: {source}, {kind}")
    if when is not None:
        try:
            compile_expression(str(when).removeprefix("="))
        except FeelSyntaxError as broken:
            raise BadTable(f"归档条件有误:{broken}", f"The condition of an archive item is wrong: {broken}") from broken
    return Required(
        item=deployed.text(row, "item"), en=deployed.text(row, "en", ""), kind=kind, post=row.get("post"), source=source,
        names=tuple(name.strip() for name in names.split(",") if name.strip()), when=None if when is None else str(when),
    )  # fmt: skip


def check_table(file: str, content: bytes) -> list[Problem]:
    """Problems of an uploaded `archives.yaml`."""
    return deployed.check(file, content, parse)


# -- collect, check, seal ----------------------------------------------------------------------------------------------


def collect(act: Act, case: CaseFile, record_class: str) -> list[Required]:
    """Open the file of a case with the items that it must hold; the case is closing from now on."""
    items = required(act, case, record_class)
    file = act.find(ArchiveFile, case_id=case.id, record_class=record_class) or act.add(
        ArchiveFile(
            region=act.region, id=act.new_id(), case_id=case.id, file_no=None, record_class=record_class, place=None, pieces=None,
            secrecy=None, retention_until=None, retention_clause=None, sealed_at=None, digest=None,
        )
    )
    known = {one.item for one in act.find_all(ArchiveItem, archive_file_id=file.id)}
    for item in items:
        if item.item not in known:
            act.add(
                ArchiveItem(
                    region=act.region, id=act.new_id(), archive_file_id=file.id, item=item.item, kind=item.kind,
                    post=item.post or ARCHIVIST, document_id=None, submission_id=None, excused=None,
                )
            )
    if case.state is CaseState.OPEN:
        act.change(case, state=CaseState.CLOSING)
    act.record("collect-file", file, after={"recordClass": record_class, "items": [item.item for item in items]}, case_id=case.id)
    return items


def required(act: Act, case: CaseFile, record_class: str) -> list[Required]:
    """The items that apply to a case now: those of its aid kind, else those of the class; conditions judged on its variables."""
    table = deployed.table(act, FILE, parse)
    items = table.get((record_class, case.aid_kind), table.get((record_class, None)))
    if items is None:
        raise InvalidInput(
            f"归档目录中没有类别 {record_class}({case.aid_kind})。", f"No archive class {record_class} for {case.aid_kind}."
        )
    variables = act.work.variables(case.root_instance_id)
    return [item for item in items if item.when is None or act.work.evaluate(f"={item.when.removeprefix('=')}", variables) is True]


def missing(act: Act, case: CaseFile, record_class: str, excused: Sequence[str] = ()) -> list[Missing]:
    """What the file lacks: items without proof that nobody excused, and every open debt. Debts come first."""
    proofs = _Proofs(act, case)
    lacking: list[Missing] = []
    for item in required(act, case, record_class):
        if item.kind == DEBT:
            lacking[:0] = _debts(act, case, item)
        elif item.item not in excused and not proofs.holds(item):
            lacking.append(Missing(item.item, item.en or item.item, item.post or ARCHIVIST, item.kind))
    _note_found(act, case, record_class, proofs, excused)
    return lacking


def seal(
    act: Act, case: CaseFile, *, file_no: str, record_class: str, place: str, pieces: int, secrecy: str | None, retention: Mapping[str, Json]
) -> ArchiveFile:
    """Seal the file: number, place, digest over all that the case produced, and until when it is kept.

    Refused (`debt`) while a debt is open, whatever the diagram says. `retention` is the result of the retention table:
    `start`, `years` (null: for good), `clause`.
    """
    open_debts = [debt for item in required(act, case, record_class) if item.kind == DEBT for debt in _debts(act, case, item)]
    if open_debts:
        names = "、".join(debt.item for debt in open_debts)
        raise Refused("debt", f"尚有欠账未补齐,不得封卷:{names}", f"The file cannot be sealed while papers are owed: {names}", clause="LS-2.3b")
    file = act.find(ArchiveFile, case_id=case.id, record_class=record_class)
    if file is None:
        raise InvalidInput("尚未收集归档材料。", "The file was never collected.")
    if file.sealed_at is not None:
        return file
    years = retention.get("years")
    sealed = act.change(
        file, file_no=file_no, place=place, pieces=pieces, secrecy=secrecy, sealed_at=act.now, digest=digest(act, case, act.now),
        retention_until=_kept_until(act.today, str(retention.get("start") or ""), years),
        retention_clause=str(retention.get("clause") or "") or None,
    )  # fmt: skip
    act.record("seal-file", sealed, after={"fileNo": file_no, "digest": sealed.digest}, clause=sealed.retention_clause)
    entry = {
        "fileNo": file_no, "recordClass": record_class, "place": place, "pieces": pieces, "secrecy": secrecy, "retentionYears": years,
    }  # fmt: skip
    ledgers.add(act, case, CATALOGUE, entry, item=file_no)
    return sealed


def of_case(act: Act, case_id: int) -> list[ArchiveFile]:
    """The files of a case, sealed or not."""
    return act.find_all(ArchiveFile, case_id=case_id)


def digest(act: Act, case: CaseFile, until: datetime) -> str:
    """One hash over what the case had produced by a moment: forms as submitted, files that people handed in, letters as frozen,
    and its audit chain up to the moment before. It can be computed again at any later time."""
    kept = act.house.seal
    submissions = [one for one in act.find_all(Submission, case_id=case.id, limit=100_000) if one.at <= until]
    uploads = [one for one in documents.of_case(act, case.id) if one.made_by is not None and one.made_at <= until]
    letters = [one for one in act.find_all(Letter, case_id=case.id) if one.issued_at <= until]
    chain = audit.entries(act.connection, act.region, chain=audit.case_chain(case.id), limit=100_000)
    parts = {
        "case": case.case_no,
        "submissions": [
            [one.element_id, one.at.isoformat(), _hash(kept.open(one.data_sealed, region=one.region, purpose=f"submission:{one.id}"))]
            for one in submissions
        ],
        "documents": [[one.name, one.sha256] for one in uploads],
        "letters": [
            [one.letter_no, _hash(kept.open(one.data_sealed, region=one.region, purpose=f"letter:{one.id}"))] for one in letters
        ],
        "audit": [one.hash for one in chain if one.at < until][-1:],
    }
    return _hash(parts)


def is_unbroken(act: Act, file: ArchiveFile) -> bool:
    """Whether what a sealed file holds is still what was sealed."""
    if file.sealed_at is None:
        raise InvalidInput("档案尚未封卷。", "The file is not sealed.")
    return digest(act, act.get(CaseFile, file.case_id), file.sealed_at) == file.digest


# -- helpers -----------------------------------------------------------------------------------------------------------


class _Proofs:
    """What a case has to show, read once per check."""

    def __init__(self, act: Act, case: CaseFile) -> None:
        self.submissions = act.find_all(Submission, case_id=case.id, limit=100_000)
        self.letters = {one.kind for one in act.find_all(Letter, case_id=case.id)}
        self.payments = act.find_all(Payment, case_id=case.id)
        self.open_entries = {one.ledger for one in ledgers.of_case(act, case.id) if one.struck_on is None}
        self.supplied = self._supplied(act)

    def _supplied(self, act: Act) -> dict[str, Submission]:
        """Items that were brought in after they had been found missing: a form that names the item and carries files."""
        found = {}
        for one in self.submissions:
            data = act.house.seal.open(one.data_sealed, region=one.region, purpose=f"submission:{one.id}")
            if isinstance(data, dict) and isinstance(data.get("missingItem"), str) and data.get("files"):
                found[data["missingItem"]] = one
        return found

    def holds(self, item: Required) -> bool:
        if item.item in self.supplied:
            return True
        match item.source:
            case "start":
                return any(one.task_id is None for one in self.submissions)
            case "submission":
                return any(one.task_id is not None and one.element_id in item.names for one in self.submissions)
            case "letter":
                return bool(self.letters & set(item.names))
            case "payment":
                return bool(self.payments)
            case _:
                return not self.open_entries & set(item.names)


def _debts(act: Act, case: CaseFile, item: Required) -> list[Missing]:
    return [
        Missing(
            entry.item or item.item, f"{item.en}: {entry.item}" if entry.item else item.en or item.item,
            str(entry.data.get("post") or item.post or ARCHIVIST), DEBT,
        )
        for name in item.names
        for entry in ledgers.open_items(act, case.id, name)
    ]  # fmt: skip


def _note_found(act: Act, case: CaseFile, record_class: str, proofs: _Proofs, excused: Sequence[str]) -> None:
    """Write beside each item what proves it, or that it was agreed to be missing."""
    file = act.find(ArchiveFile, case_id=case.id, record_class=record_class)
    if file is None:
        raise InvalidInput("尚未收集归档材料。", "The file was never collected.")
    for row in act.find_all(ArchiveItem, archive_file_id=file.id):
        values: dict[str, Any] = {}
        if row.item in proofs.supplied and row.submission_id is None:
            values["submission_id"] = proofs.supplied[row.item].id
        if row.item in excused and row.excused is None:
            values["excused"] = act.by
        if values:
            act.change(row, **values)
    act.record("check-file", file, after={"excused": list(excused)}, case_id=case.id)


def _kept_until(today: date, start: str, years: Json) -> date | None:
    """The last day of keeping; None for good. A period that runs from the year's end begins on 31 December."""
    if not isinstance(years, int) and years is not None:
        years = int(years)
    if years is None:
        return None
    begin = date(today.year, 12, 31) if "year" in start.lower() else today
    return limits.add_months(begin, 12 * years)


def _hash(value: Json) -> str:
    return hashlib.sha256(orjson.dumps(value, default=str, option=orjson.OPT_SORT_KEYS)).hexdigest()
