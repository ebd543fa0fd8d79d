"""Files that belong to cases: their type, size, digest and place; what is in them is nobody's business here.

A file lies once below the data folder, under its digest, and is never changed. A row says whose it is. What a form's file
picker sends are document references; the resolver turns them into references that the server vouches for.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from casework.act import Act
from casework.errors import Unknown
from casework.model.cases import CaseFile
from casework.model.records import Document
from casework.people import eligibility
from casework.records.formjs import Component
from casework.records.forms import FileRefused
from engine.errors import InvalidInput, LimitReached
from engine.limits import ATTACHMENT_BYTES
from engine.model import Json

STORE = "yimen"
FILES_PER_FIELD = 20
NAME_CHARACTERS = 200

#: What officers attach: pictures, recordings, scans and office files; each with the first bytes by which it is known.
ACCEPTED: dict[str, tuple[bytes, ...]] = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
    "image/heic": (),
    "application/pdf": (b"%PDF-",),
    "text/plain": (),
    "audio/mpeg": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
    "audio/mp4": (),
    "audio/wav": (b"RIFF",),
    "video/mp4": (),
    "application/msword": (b"\xd0\xcf\x11\xe0",),
    "application/vnd.ms-excel": (b"\xd0\xcf\x11\xe0",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (b"PK\x03\x04",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (b"PK\x03\x04",),
}
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]")


def upload(act: Act, name: str, content_type: str, content: bytes, *, case_no: str | None = None) -> Document:
    """Keep a file, of a case that the officer may see or of none yet. InvalidInput for a type that is not taken or content
    that is not of its type, LimitReached above 20 MB."""
    case = None if case_no is None else act.find(CaseFile, case_no=case_no)
    if case_no is not None:
        if case is None:
            raise Unknown("没有这个案件。", "There is no such case.")
        eligibility.check_case(act, case)
    return take_in(act, name, content_type, content, case_id=case.id if case else None)


def take_in(act: Act, name: str, content_type: str, content: bytes, *, case_id: int | None) -> Document:
    """Keep a file of a case that the caller may see (that was asked before), or of none; errors as `upload`."""
    kind = content_type.split(";", maxsplit=1)[0].strip().lower()
    heads = ACCEPTED.get(kind)
    if heads is None:
        raise InvalidInput(f"不接受这种文件:{kind}", f"Files of this type are not taken: {kind}")
    if heads and not content.startswith(heads):
        raise InvalidInput("文件内容与类型不符。", "The content is not of the file's type.")
    if len(content) > ATTACHMENT_BYTES:
        raise LimitReached("文件不能超过 20 MB。", "A file may have 20 MB at most.")
    return keep(act, name, kind, content, case_id=case_id, verb="upload")


def download(act: Act, document_id: int) -> tuple[Document, bytes]:
    """A document and its bytes, for who may see its case, or for who uploaded it while it is of no case. Unknown for others."""
    document = act.find(Document, id=document_id)
    if document is None:
        raise Unknown("文件不存在。", "There is no such file.")
    case_id = document.case_id if document.case_id is not None else _adopted_by(act, document)
    if case_id is not None:
        eligibility.check_case(act, act.get(CaseFile, case_id))
        act.note_view(case_id, f"document:{document.id}")
    elif act.actor is None or document.made_by != act.actor.staff_id:
        raise Unknown("文件不存在。", "There is no such file.")
    return document, content_of(act, document)


def adopt(act: Act, case_id: int, values: Json) -> None:
    """Make the files of a start form the case's that it began: the references in `values` stay as they are."""
    if isinstance(values, dict) and values.get("storeId") == STORE and str(values.get("documentId", "")).isdecimal():
        document = act.find(Document, id=int(values["documentId"]))
        if document is not None and document.case_id is None:
            attach(act, document, case_id)
    elif isinstance(values, dict | list):
        for one in values.values() if isinstance(values, dict) else values:
            adopt(act, case_id, one)


def keep(act: Act, name: str, kind: str, content: bytes, *, case_id: int | None, verb: str) -> Document:
    """Write the file once under its digest, then its row."""
    digest = hashlib.sha256(content).hexdigest()
    place = f"{act.region}/{digest[:2]}/{digest}"
    _write_once(act.house.files / place, content)
    document = act.add(
        Document(
            region=act.region, id=act.new_id(), case_id=case_id, type=kind, name=safe_name(name), sha256=digest, size=len(content),
            place=place, made_by=act.actor.staff_id if act.actor else None, made_at=act.now,
        )
    )
    act.record(verb, document, after={"name": document.name, "sha256": digest, "size": document.size})
    return document


def content_of(act: Act, document: Document) -> bytes:
    """The file's bytes; Unknown where it is gone, ValueError where it is not what was kept (somebody touched the folder)."""
    try:
        found = (act.house.files / document.place).read_bytes()
    except FileNotFoundError as gone:
        raise Unknown("文件不存在。", "The file is gone.") from gone
    if hashlib.sha256(found).hexdigest() != document.sha256:
        raise ValueError(f"document {document.id} differs from its digest")
    return found


def of_case(act: Act, case_id: int) -> list[Document]:
    """The documents of a case, oldest first."""
    return act.find_all(Document, case_id=case_id)


def attach(act: Act, document: Document, case_id: int) -> Document:
    """The same file as a document of a case: a row of its own, since what was uploaded stays as it was."""
    row = act.add(
        Document(
            region=act.region, id=act.new_id(), case_id=case_id, type=document.type, name=document.name, sha256=document.sha256,
            size=document.size, place=document.place, made_by=document.made_by, made_at=act.now,
        )
    )
    act.record("attach", row, after={"name": row.name, "sha256": row.sha256, "from": document.id})
    return row


def reference(document: Document) -> dict[str, Json]:
    """A document as a variable holds it: Camunda 8's document reference."""
    return {
        "camunda.document.type": "camunda",
        "storeId": STORE,
        "documentId": str(document.id),
        "contentHash": document.sha256,
        "metadata": {"fileName": document.name, "contentType": document.type, "size": document.size},
    }


def resolver(act: Act, case_id: int | None, *, attaching: bool = True) -> Callable[[Json, Component], Json]:
    """What `forms.check` calls for a file picker: references (or bare ids) in, vouched references out.

    A file must be of this case, or uploaded by this officer and not yet of any; then it becomes this case's.
    """

    def resolve(sent: Json, component: Component) -> Json:
        listed = sent if isinstance(sent, list) else [sent]
        if len(listed) > FILES_PER_FIELD or (len(listed) > 1 and component.raw.get("multiple") in (None, False)):
            raise FileRefused("files", "附件数量过多", "Too many files.")
        return [reference(_vouched(act, one, case_id, component, attaching=attaching)) for one in listed]

    return resolve


def safe_name(name: str) -> str:
    """A file's name without folders and characters that other systems forbid."""
    cleaned = _UNSAFE.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(". ")
    stem, dot, suffix = cleaned.rpartition(".")
    room = NAME_CHARACTERS - len(suffix) - 1
    return (f"{stem[:room]}.{suffix}" if dot and room > 0 else cleaned[:NAME_CHARACTERS]) or "file"


def _adopted_by(act: Act, document: Document) -> int | None:
    """The case to which an upload was handed in after the case had begun with it."""
    same = act.find_all(Document, sha256=document.sha256, made_by=document.made_by)
    return next((one.case_id for one in same if one.case_id is not None), None)


def _vouched(act: Act, sent: Json, case_id: int | None, component: Component, *, attaching: bool) -> Document:
    spelled = sent.get("documentId") if isinstance(sent, dict) else sent
    document = act.find(Document, id=int(spelled)) if isinstance(spelled, str) and spelled.isascii() and spelled.isdigit() else None
    own = document is not None and document.case_id is None and act.actor is not None and document.made_by == act.actor.staff_id
    if document is None or not (own or (case_id is not None and document.case_id == case_id)):
        raise FileRefused("file", "附件不存在,请重新上传", "There is no such file; please upload it again.")
    if not _accepts(str(component.raw.get("accept") or ""), document):
        raise FileRefused("accept", f"不接受这种文件:{document.name}", f"Files of this kind are not taken: {document.name}")
    return attach(act, document, case_id) if own and attaching and case_id is not None else document


def _accepts(accept: str, document: Document) -> bool:
    """The picker's `accept`: types, `image/*` and suffixes, by comma; an expression was judged by the browser only."""
    if not accept or accept.startswith("=") or "{{" in accept:
        return True
    wanted = [one.strip().lower() for one in accept.split(",") if one.strip()]
    suffix = "." + document.name.rpartition(".")[2].lower()
    group = document.type.split("/")[0] + "/*"
    return any(one in (suffix, document.type, group, "*/*") for one in wanted)


def _write_once(path: Path, content: bytes) -> None:
    """On disk before the row is: a crash in between leaves a file that nobody names, never a row without its file."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
