"""Letters (文书): number, frozen data, the template's version, and a file that is drawn once.

`letters.yaml` says which letters there are, which fields each may carry, how they are masked, and how numbers look. A field that
is not listed cannot leave the house. Issuing freezes the data within the act; drawing happens after its commit (outbox), once:
the stored bytes are what every reprint gives.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
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
from casework.model import CaseFile, Document, Letter, Office
from casework.records import documents, masks
from engine.errors import InvalidInput, Problem
from engine.model import Json

FILE = "letters.yaml"
DRAW = "letter.draw"
PDF = "application/pdf"
FORBIDDEN = ("#import", "#include", "import \"", "include \"", "read(", "plugin(", "image(", "json(\"", "yaml(", "csv(", "xml(", "toml(", "cbor(")


@dataclass(frozen=True, slots=True)
class Field:
    """A field that a letter may carry; `mask` is applied before the data are frozen."""

    code: str
    zh: str
    required: bool
    mask: str | None


@dataclass(frozen=True, slots=True)
class LetterKind:
    """A kind of letter or notice. `number` is a pattern over {year}, {office}, {officeName} and {n}; `months` how long a
    notice stays (None: until taken down)."""

    code: str
    zh: str
    en: str
    template: str
    number: str
    fields: tuple[Field, ...]
    clause: str
    months: int | None = None
    places: tuple[str, ...] = ()


def parse(tree: Json) -> dict[str, LetterKind]:
    """`letters.yaml`: code -> kind, letters and notices alike. Raises BadTable."""
    listed = [*deployed.rows(tree, "letters"), *(deployed.rows(tree, "notices") if tree.get("notices") else [])]
    found: dict[str, LetterKind] = {}
    for row in listed:
        code = deployed.text(row, "code")
        if code in found:
            raise BadTable(f"文书 {code} 重复。", f"Letter {code} stands twice.")
        kind = _kind(code, row)
        try:
            kind.number.format(year=2026, office="JA-01", officeName="某镇", n=1)
        except (KeyError, ValueError, IndexError) as broken:
            raise BadTable(f"文书 {code} 的文号样式有误:{broken}", f"Letter {code}: the pattern of the number is wrong: {broken}") from broken
        found[code] = kind
    return found


def _kind(code: str, row: Mapping[str, Json]) -> LetterKind:
    return LetterKind(
        code=code,
        zh=deployed.text(row, "zh"),
        en=deployed.text(row, "en"),
        template=deployed.text(row, "template", f"{code}.typ"),
        number=deployed.text(row, "number"),
        fields=tuple(
            Field(deployed.text(one, "code"), deployed.text(one, "zh", ""), bool(one.get("required")), one.get("mask"))
            for one in deployed.rows(row, "fields")
        ),
        clause=deployed.text(row, "clause", ""),
        months=row.get("months"),
        places=tuple(row.get("places") or ()),
    )


def kind(act: Act, code: str) -> LetterKind:
    """A deployed kind of letter or notice; InvalidInput for one that is not."""
    found = deployed.table(act, FILE, parse).get(code)
    if found is None:
        raise InvalidInput(f"没有文书 {code}。", f"There is no letter {code}.")
    return found


def check_template(file: str, content: bytes) -> list[Problem]:
    """Problems of an uploaded template: it must be UTF-8 and stand alone (no package, no other file, no plugin)."""
    try:
        source = content.decode()
    except UnicodeDecodeError:
        return [Problem(rule="template", zh="模板须为 UTF-8 编码。", en="A template is encoded in UTF-8.", file=file)]
    return [
        Problem(
            rule="template", zh=f"模板不得使用 {word.strip('(')}:不能引用其他文件或程序包。",
            en=f"A template may not use {word.strip('(')}: no other files, no packages.", file=file,
            line=source.count("\n", 0, source.index(word)) + 1,
        )
        for word in FORBIDDEN
        if word in source
    ]  # fmt: skip


def issue(act: Act, case: CaseFile, code: str, data: Mapping[str, Json]) -> Letter:
    """Give a letter its number and freeze what it says; it is drawn after commit. InvalidInput for a field that the letter
    may not carry or that it needs."""
    letter_kind = kind(act, code)
    frozen = allowed(letter_kind, data)
    number = next_number(act, letter_kind, case)
    _, version = deployed.text_of(act, letter_kind.template)
    letter_id = act.new_id()
    content = {**head(act, case, number), "data": frozen}
    letter = act.add(
        Letter(
            region=act.region, id=letter_id, letter_no=number, kind=code, name=letter_kind.zh, case_id=case.id,
            template=letter_kind.template, template_version=version,
            data_sealed=act.house.seal.close(content, region=act.region, purpose=f"letter:{letter_id}"), issued_at=act.now,
            issued_by=act.actor.staff_id if act.actor else None, document_id=None, sha256=None, size=None,
        )
    )
    outbox.put(act, DRAW, {"letterId": letter_id}, case_id=case.id, cause=f"draw:letter:{letter_id}")
    act.record("issue-letter", letter, after={"letterNo": number, "kind": code}, clause=letter_kind.clause)
    return letter


def draw(act: Act, letter_id: int) -> Document:
    """Draw a letter that is not drawn yet, from its frozen data and the template of its version; else the document it has."""
    letter = act.lock(Letter, letter_id)
    if letter.document_id is not None:
        return act.get(Document, letter.document_id)
    content = act.house.seal.open(letter.data_sealed, region=act.region, purpose=f"letter:{letter_id}")
    pdf = pdf_of(act, letter.template, letter.template_version, content, letter.issued_at)
    document = documents.keep(act, f"{letter.letter_no}.pdf", PDF, pdf, case_id=letter.case_id, verb="draw-letter")
    act.change(letter, document_id=document.id, sha256=document.sha256, size=document.size)
    return document


def get(act: Act, letter_no: str) -> Letter:
    """The letter of that number; Unknown where there is none."""
    letter = act.find(Letter, letter_no=letter_no)
    if letter is None:
        raise Unknown("没有这份文书。", "There is no such letter.")
    return letter


def of_case(act: Act, case_id: int) -> list[Letter]:
    """The letters of a case, oldest first."""
    return act.find_all(Letter, case_id=case_id)


def allowed(letter_kind: LetterKind, data: Mapping[str, Json]) -> dict[str, Json]:
    """The data as the letter may carry them: listed fields only, masked; absent ones null."""
    codes = {field.code for field in letter_kind.fields}
    extra = sorted(data.keys() - codes)
    missing = sorted(field.code for field in letter_kind.fields if field.required and data.get(field.code) in (None, ""))
    if extra:
        names = ", ".join(extra)
        raise InvalidInput(f"文书 {letter_kind.code} 不得载明:{names}", f"Letter {letter_kind.code} may not carry: {names}")
    if missing:
        names = ", ".join(missing)
        raise InvalidInput(f"文书 {letter_kind.code} 缺少:{names}", f"Letter {letter_kind.code} lacks: {names}")
    return {field.code: masks.mask(field.mask, data.get(field.code)) if field.mask else data.get(field.code) for field in letter_kind.fields}


def next_number(act: Act, letter_kind: LetterKind, case: CaseFile) -> str:
    """The next number of a kind in the office's year."""
    office = act.get(Office, case.office_id)
    year = act.today.year
    n = act.next_number(f"letter:{letter_kind.code}", office=office.code, year=year)
    return letter_kind.number.format(year=year, office=office.code, officeName=office.name, n=n)


def head(act: Act, case: CaseFile, number: str) -> dict[str, Json]:
    """What every letter says of itself: number, day, office and its telephone, case number."""
    office = act.get(Office, case.office_id)
    return {
        "number": number, "date": act.today.isoformat(), "office": office.name, "phone": office.phone, "caseNo": case.case_no,
    }  # fmt: skip


def pdf_of(act: Act, template: str, version: int, content: Json, at: datetime) -> bytes:
    """A letter as PDF, drawn from a deployed template."""
    source, _ = deployed.text_of(act, template, version)
    return render(source, content, fonts=act.house.fonts, at=at, zone=act.house.zone)


def render(source: bytes, content: Json, *, fonts: tuple[Path, ...], at: datetime, zone: ZoneInfo) -> bytes:
    """Run a typst template. Data go in as JSON text (`sys.inputs.letter`) and are never part of the markup; moments are given
    in the office's zone; only the given fonts are used; no file is read.
    """
    text = orjson.dumps(_for_letters(content, zone), default=_number).decode()
    faces = typst.Fonts(include_system_fonts=not fonts, font_paths=[str(path) for path in fonts])
    with tempfile.TemporaryDirectory() as nowhere:  # the only folder that a template could read from, and it is empty
        return typst.compile(
            source, root=nowhere.encode(), font_paths=faces, sys_inputs={"letter": text}, timestamp=int(at.timestamp()), format="pdf",
        )  # fmt: skip


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
