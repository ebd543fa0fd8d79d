"""Documents: files that variables refer to. What is kept is evidence: nothing of it is ever deleted through this door."""

import re
from typing import Annotated, Any

from fastapi import File, Form, Path, Query, Request, Response, UploadFile
from pydantic import ValidationError

from api import access, files
from api.access import Scope
from api.camunda8.bodies import Metadata, read_key
from api.camunda8.door import WrongType, documents, key, region_at, reply, router_of, tenant
from api.wire import moment, read_json
from casework import outside
from casework.act import Act
from casework.model.records import Document
from casework.records import documents as kept
from engine.errors import CallerError, InvalidInput, Unknown

router = router_of("/documents")
STORE = kept.STORE
_ID = re.compile(r"[0-9]{1,19}")
Store = Annotated[str | None, Query(alias="storeId")]
At = Annotated[str, Path()]


@router.post("")
@documents(415)
def create(
    request: Request,
    file: Annotated[UploadFile, File()],
    metadata: Annotated[str | None, Form()] = None,
    store: Store = None,
    wanted: Annotated[str | None, Query(alias="documentId")] = None,
) -> Response:
    """Keep a file; a variable may then refer to it by what is answered."""
    _check_store(store)
    if wanted is not None:
        raise InvalidInput("文件编号由系统给出。", "documentId: documents are numbered here.")
    said = _metadata(metadata)
    region = tenant(request, None)
    with access.open_act(request, Scope.WORK, region) as act:
        return reply(_keep(act, file, said), 201)


@router.post("/batch")
@documents(415)
def create_all(
    request: Request,
    files: Annotated[list[UploadFile], File()],
    metadataList: Annotated[list[str] | None, Form()] = None,  # noqa: N803 - the API's word
    store: Store = None,
) -> Response:
    """Keep several files; those that cannot be kept are told one by one (207)."""
    _check_store(store)
    said = [_metadata(each) for each in metadataList or ()]
    if said and len(said) != len(files):
        raise InvalidInput("metadataList 与文件数量不符。", "metadataList: one entry for each file is expected.")
    region = tenant(request, None)
    created, failed = [], []
    for n, file in enumerate(files):
        try:
            with access.open_act(request, Scope.WORK, region) as act:
                created.append(_keep(act, file, said[n] if said else Metadata()))
        except (InvalidInput, WrongType) as error:
            status = 415 if isinstance(error, WrongType) else 400
            failed.append({
                "fileName": file.filename or "", "status": status, "title": "INVALID_ARGUMENT", "detail": f"{error.en} / {error.zh}",
            })  # fmt: skip
    return reply({"createdDocuments": created, "failedDocuments": failed}, 207 if failed else 201)


@router.get("/{document_id}")
@documents(404)
def get(
    request: Request,
    document_id: At,
    store: Store = None,
    digest: Annotated[str | None, Query(alias="contentHash")] = None,
) -> Response:
    """The file."""
    if store not in (None, STORE) or not _ID.fullmatch(document_id):
        raise _none(document_id)
    number = read_key(document_id)
    region = region_at(request, "document", number)
    with access.open_read(request, Scope.READ, region) as act:
        found, content = outside.document(act, number)
        if digest is not None and digest != found.sha256:
            raise _none(document_id)
    return files.download(found.name, "application/octet-stream", content)


def _keep(act: Act, file: UploadFile, said: Metadata) -> dict[str, Any]:
    if said.expires_at is not None or said.custom_properties:
        raise InvalidInput(
            "不支持到期时间和自定义属性。", "metadata: expiresAt and customProperties are not kept here."
        )
    name = said.file_name or file.filename or ""
    kind = (said.content_type or file.content_type or "").split(";", maxsplit=1)[0].strip().lower()
    if kind not in kept.ACCEPTED:
        raise WrongType(f"不接受这种文件:{kind}", f"Files of this type are not taken: {kind}")
    case = None if said.process_instance_key is None else outside.seen(act, said.process_instance_key, "document")[1]
    return _reference(kept.take_in(act, name, kind, files.attachment(file), case_id=case.id if case else None), said)


def _reference(document: Document, said: Metadata) -> dict[str, Any]:
    """DocumentReference."""
    told = kept.reference(document)
    told["metadata"] = {
        "contentType": document.type, "fileName": document.name, "expiresAt": moment(said.expires_at), "size": document.size,
        "processDefinitionId": said.process_definition_id, "processInstanceKey": key(said.process_instance_key),
        "customProperties": {},
    }  # fmt: skip
    return told


def _metadata(text: str | None) -> Metadata:
    if not text:
        return Metadata()
    try:
        return Metadata.model_validate(read_json(text.encode()))
    except (CallerError, ValidationError) as error:
        raise InvalidInput("metadata 无效。", f"metadata: not as documented ({type(error).__name__}).") from None


def _check_store(named: str | None) -> None:
    if named not in (None, STORE):
        raise InvalidInput(f"没有存储 {named}。", f"storeId: there is no store {named}.")


def _none(document_id: str) -> Unknown:
    return Unknown(f"没有文件 {document_id}。", f"There is no document {document_id}.")
