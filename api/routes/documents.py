"""Attachments and letters."""

from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Response, UploadFile

from api import files
from api.door import SignedDoor, acting, reading
from api.parameters import Code, Id
from api.shapes import records as shapes
from casework.act import Act
from casework.records import documents, letters

router = APIRouter(prefix="/api", tags=["documents"], route_class=SignedDoor)
_BYTES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {}}, "description": "The file, to be saved."}
}
_PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {}}, "description": "The letter as it was issued."}
}


@router.post("/documents")
@acting
def upload(
    act: Act,
    file: Annotated[UploadFile, File()],
    case_no: Annotated[str | None, Form(alias="caseNo", max_length=60)] = None,
) -> shapes.Uploaded:
    """Keep a file; a form then names it by its id."""
    content = files.attachment(file)
    return shapes.uploaded(
        documents.upload(act, file.filename or "", file.content_type or "", content, case_no=case_no)
    )


@router.get("/documents/{document_id}", response_class=Response, responses=_BYTES)
@reading
def document(act: Act, document_id: Id) -> Response:
    """The file as it was uploaded or drawn."""
    found, content = documents.download(act, document_id)
    return files.download(found.name, found.type, content, inline=found.type == letters.PDF and found.made_by is None)


@router.get("/letters/{letter_no:path}", response_class=Response, responses=_PDF)
@reading
def letter(act: Act, letter_no: Code) -> Response:
    """A letter or notice as PDF."""
    found, content = letters.download(act, letter_no)
    return files.download(f"{found.letter_no}.pdf", letters.PDF, content, inline=True)
