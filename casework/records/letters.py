"""Letters (文书): number, frozen data, the template's version, and a file that is drawn once.

`letters.yaml` says which letters there are, which fields each may carry, how they are masked, and how numbers look. A field that
is not listed cannot leave the house. Issuing freezes the data within the act; drawing happens after its commit (outbox), once:
the stored bytes are what every reprint gives.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import typst

from casework import deployed, outbox
from casework.act import Act
from casework.deployed import BadTable
from casework.errors import Unknown
from casework.model.cases import CaseFile, Submission
from casework.model.people import Office, Staff
from casework.model.records import Document, Letter
from casework.people import eligibility, organisation
from casework.records import documents, ledgers, masks
from engine.errors import InvalidInput, Problem
from engine.model import Json

FILE = "letters.yaml"
DRAW = "letter.draw"
PDF = "application/pdf"
SOURCES = frozenset({"data", "office", "case", "issue"})
SYNTHETIC = "示例数据，内容均为虚构"
MADE_HERE = frozenset({
    "letterNo", "noticeNo", "issuedAt", "officeName", "officePhone", "complaintPhone", "handlerName", "caseNo", "clause", "footer", "until",
})  # fmt: skip
"""Fields that are filled at issue, not by the diagram."""

_IMPORT = re.compile(r"""(?:#|\b)(?:import|include)\s*\(?\s*"([^"]*)\"""")
_READS = re.compile(r"\b(?:(?:read|plugin|image|csv|yaml|toml|xml|cbor|bibliography)\s*\(|json\s*\(\s*\")")
_FILE_NAME = re.compile(r"[A-Za-z0-9_-]+\.typ")


@dataclass(frozen=True, slots=True)
class Field:
    """A field that a letter may carry; `mask` is applied before the data are frozen. `source` data: the diagram gives it."""

    key: str
    zh: str
    source: str
    required: bool
    mask: str | None
    one_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LetterKind:
    """A kind of letter or notice. `number` is a pattern over {office}, {year} and {seq}; `ledger` gets a line of each;
    `months` is how long a notice stays (None: until taken down)."""

    code: str
    zh: str
    en: str
    template: str
    number: str
    ledger: str | None
    fields: tuple[Field, ...]
    clause: str
    months: int | None = None
    places: tuple[str, ...] = ()


def parse(tree: Json) -> dict[str, LetterKind]:
    """`letters.yaml`: code -> kind, letters and notices alike. Raises BadTable."""
    found: dict[str, LetterKind] = {}
    for row in [*deployed.rows(tree, "letters"), *(deployed.rows(tree, "notices") if tree.get("notices") else [])]:
        kind = _kind(row)
        if kind.code in found:
            raise BadTable(f"文书 {kind.code} 重复。", f"Letter {kind.code} stands twice.")
        found[kind.code] = kind
    return found


def _kind(row: Mapping[str, Json]) -> LetterKind:
    code = deployed.text(row, "code")
    fields = tuple(_field(code, one) for one in deployed.rows(row, "fields"))
    leaked = {field.key for field in fields} & set(row.get("forbidden") or ())
    if leaked:
        raise BadTable(f"文书 {code} 载有禁止的字段:{leaked}", f"Letter {code} carries forbidden fields: {leaked}")
    number = deployed.text(row, "number")
    try:
        number.format(year=2026, office="甲一镇", seq=1)
    except (KeyError, ValueError, IndexError) as broken:
        raise BadTable(f"文书 {code} 的文号样式有误:{broken}", f"Letter {code}: the pattern of the number is wrong: {broken}") from broken
    return LetterKind(
        code=code, zh=deployed.text(row, "zh"), en=deployed.text(row, "en"), template=deployed.text(row, "template", f"{code}.typ"),
        number=number, ledger=row.get("ledger"), fields=fields, clause=deployed.text(row, "clause", ""),
        months=row.get("removeAfterMonths"), places=tuple(row.get("places") or ()),
    )  # fmt: skip


def _field(code: str, row: Mapping[str, Json]) -> Field:
    key, source = deployed.text(row, "key"), deployed.text(row, "source", "data")
    if source not in SOURCES or (source != "data" and key not in MADE_HERE):
        raise BadTable(f"文书 {code} 的字段 {key} 来源不明。", f"Letter {code}: the source of {key} is unknown.")
    return Field(key, deployed.text(row, "zh", ""), source, bool(row.get("required")), row.get("mask"), tuple(row.get("oneOf") or ()))


def kind(act: Act, code: str) -> LetterKind:
    """A deployed kind of letter or notice; InvalidInput for one that is not."""
    found = deployed.table(act, FILE, parse).get(code)
    if found is None:
        raise InvalidInput(f"没有文书 {code}。", f"There is no letter {code}.")
    return found


def check_template(file: str, content: bytes) -> list[Problem]:
    """Problems of an uploaded template: UTF-8, and beside other templates (`letter.typ`) it may read nothing: no package, no file."""
    try:
        source = content.decode()
    except UnicodeDecodeError:
        return [Problem(rule="template", zh="模板须为 UTF-8 编码。", en="A template is encoded in UTF-8.", file=file)]
    bad = [(found.start(), found[0]) for found in _IMPORT.finditer(source) if not _FILE_NAME.fullmatch(found[1])]
    bad += [(found.start(), found[0]) for found in _READS.finditer(source)]
    return [
        Problem(
            rule="template", zh=f"模板不得使用 {word}:不能读取文件或程序包。", en=f"A template may not use {word}: no files, no packages.",
            file=file, line=source.count("\n", 0, at) + 1,
        )
        for at, word in sorted(bad)
    ]  # fmt: skip


def issue(act: Act, case: CaseFile, code: str, data: Mapping[str, Json]) -> Letter:
    """Give a letter its number and freeze what it says; it is drawn after commit. InvalidInput for a field that the letter
    may not carry or that it needs."""
    letter_kind = kind(act, code)
    allowed(letter_kind, data)
    number = next_number(act, letter_kind, case)
    content = frozen(act, case, letter_kind, data, letterNo=number)
    letter_id = act.new_id()
    letter = act.add(
        Letter(
            region=act.region, id=letter_id, letter_no=number, kind=code, name=letter_kind.zh, case_id=case.id,
            template=letter_kind.template, template_version=content["files"][letter_kind.template],
            data_sealed=act.house.seal.close(content, region=act.region, purpose=f"letter:{letter_id}"), issued_at=act.now,
            issued_by=act.actor.staff_id if act.actor else None, document_id=None, sha256=None, size=None,
        )
    )
    outbox.put(act, DRAW, {"letterId": letter_id}, case_id=case.id, cause=f"draw:letter:{letter_id}")
    act.record("issue-letter", letter, after={"letterNo": number, "kind": code}, clause=letter_kind.clause)
    if letter_kind.ledger is not None:
        entry = {"letterNo": number, "letter": letter_kind.zh, "addressee": case.person_name, "issuedAt": act.now.isoformat()}
        ledgers.add(act, case, letter_kind.ledger, entry, item=number)
    return letter


def draw(act: Act, letter_id: int) -> Document:
    """Draw a letter that is not drawn yet, from its frozen data and the template of its version; else the document it has."""
    letter = act.lock(Letter, letter_id)
    if letter.document_id is not None:
        return act.get(Document, letter.document_id)
    content = act.house.seal.open(letter.data_sealed, region=act.region, purpose=f"letter:{letter_id}")
    pdf = pdf_of(act, letter.template, content, letter.issued_at)
    document = documents.keep(act, f"{letter.letter_no}.pdf", PDF, pdf, case_id=letter.case_id, verb="draw-letter")
    act.change(letter, document_id=document.id, sha256=document.sha256, size=document.size)
    return document


def get(act: Act, letter_no: str) -> Letter:
    """The letter of that number; Unknown where there is none."""
    letter = act.find(Letter, letter_no=letter_no)
    if letter is None:
        raise Unknown("没有这份文书。", "There is no such letter.")
    return letter


def download(act: Act, letter_no: str) -> tuple[Letter, bytes]:
    """A letter and its file, for who may see its case. One that is issued and not drawn yet is drawn for the reader: the same
    data, templates and date give the same bytes."""
    letter = get(act, letter_no)
    eligibility.check_case(act, act.get(CaseFile, letter.case_id))
    act.note_view(letter.case_id, f"letter:{letter.letter_no}")
    if letter.document_id is not None:
        return letter, documents.content_of(act, act.get(Document, letter.document_id))
    content = act.house.seal.open(letter.data_sealed, region=act.region, purpose=f"letter:{letter.id}")
    return letter, pdf_of(act, letter.template, content, letter.issued_at)


def of_case(act: Act, case_id: int) -> list[Letter]:
    """The letters of a case, oldest first."""
    return act.find_all(Letter, case_id=case_id)


def allowed(letter_kind: LetterKind, data: Mapping[str, Json]) -> dict[str, Json]:
    """The diagram's data as the letter may carry them: listed fields only, masked; absent ones null. InvalidInput names what
    must not stand there, what is missing, and what is none of the listed values."""
    fields = {field.key: field for field in letter_kind.fields if field.source == "data"}
    extra = sorted(data.keys() - fields.keys())
    missing = sorted(key for key, field in fields.items() if field.required and data.get(key) in (None, ""))
    strange = sorted(key for key, field in fields.items() if field.one_of and data.get(key) not in (None, *field.one_of))
    for names, zh, en in ((extra, "不得载明", "may not carry"), (missing, "缺少", "lacks"), (strange, "的值不符", "has wrong values in")):
        if names:
            listed = ", ".join(names)
            raise InvalidInput(f"文书 {letter_kind.code} {zh}:{listed}", f"Letter {letter_kind.code} {en}: {listed}")
    return {key: masks.mask(field.mask, data.get(key)) if field.mask else data.get(key) for key, field in fields.items()}


def frozen(act: Act, case: CaseFile, letter_kind: LetterKind, data: Mapping[str, Json], **numbers: Json) -> dict[str, Json]:
    """What is sealed with a letter: its fields, and the versions of the templates it is drawn from."""
    office = act.get(Office, case.office_id)
    synthetic = [SYNTHETIC] if office.synthetic else []
    made: dict[str, Json] = {
        "issuedAt": act.now.isoformat(), "officeName": office.name, "officePhone": office.phone,
        "complaintPhone": organisation.district(act).phone, "handlerName": _handler(act, case), "caseNo": case.case_no,
        "clause": letter_kind.clause, "footer": "　".join([f"案件编号 {case.case_no}", *synthetic]), **numbers,
    }  # fmt: skip
    shown = {field.key: made.get(field.key) for field in letter_kind.fields if field.source != "data"}
    return {"data": {**allowed(letter_kind, data), **shown}, "files": _files(act, letter_kind.template)}


def next_number(act: Act, letter_kind: LetterKind, case: CaseFile) -> str:
    """The next number of a kind in the office's year."""
    office = act.get(Office, case.office_id)
    year = act.today.year
    seq = act.next_number(f"letter:{letter_kind.code}", office=office.code, year=year)
    return letter_kind.number.format(year=year, office=office.name, seq=seq)


def pdf_of(act: Act, template: str, content: Mapping[str, Json], at: datetime) -> bytes:
    """A letter as PDF, drawn from the deployed templates of the versions that it was issued with."""
    files = {name: deployed.text_of(act, name, version)[0] for name, version in content["files"].items()}
    return render(files, template, content["data"], fonts=act.house.fonts, at=at, zone=act.house.zone)


def render(files: Mapping[str, bytes], main: str, data: Json, *, fonts: Sequence[Path], at: datetime, zone: ZoneInfo) -> bytes:
    """Run a typst template. Data go in as one JSON text (`sys.inputs.data`) and are never part of the markup; moments are given
    in the office's zone; with `fonts` no other fonts are used; nothing but `files` can be read.
    """
    text = orjson.dumps(_for_letters(data, zone), default=_number).decode()
    faces = typst.Fonts(include_system_fonts=not fonts, font_paths=[str(path) for path in fonts])
    with tempfile.TemporaryDirectory() as folder:
        for name, source in files.items():
            (Path(folder) / name).write_bytes(source)
        return typst.compile(
            str(Path(folder) / main), root=folder, font_paths=faces, sys_inputs={"data": text}, timestamp=int(at.timestamp()), format="pdf",
        )  # fmt: skip


def _files(act: Act, template: str) -> dict[str, int]:
    """The template and the templates it imports, each with its version now."""
    found: dict[str, int] = {}
    waiting = [template]
    while waiting:
        name = waiting.pop()
        if name not in found:
            source, found[name] = deployed.text_of(act, name)
            waiting += [imported for imported in _IMPORT.findall(source.decode()) if _FILE_NAME.fullmatch(imported)]
    return found


def _handler(act: Act, case: CaseFile) -> str:
    """Who did the last step by hand: the person whom a citizen may ask."""
    doers = [one.by_id for one in act.find_all(Submission, case_id=case.id, limit=10_000) if one.by_id is not None]
    person = act.find(Staff, id=doers[-1]) if doers else None
    return person.name if person else ""


def _for_letters(value: Json, zone: ZoneInfo) -> Json:
    """Moments in the office's zone, so that a letter says the hour that people read on the wall."""
    if isinstance(value, dict):
        return {name: _for_letters(one, zone) for name, one in value.items()}
    if isinstance(value, list):
        return [_for_letters(one, zone) for one in value]
    if isinstance(value, str) and len(value) > 16 and value[10:11] == "T":
        try:
            return datetime.fromisoformat(value).astimezone(zone).isoformat(timespec="minutes")
        except ValueError:
            return value
    return value


def _number(value: Any) -> Json:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    raise TypeError(f"{type(value).__name__} cannot stand in a letter")
