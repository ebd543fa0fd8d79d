"""Files in and out: what was uploaded, within bounds; what is handed out, so that no browser runs it in our name."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import quote

from fastapi import Response, UploadFile

from api.problems import DrawnRefusal, refuse
from engine.errors import DeploymentRefused
from engine.limits import ATTACHMENT_BYTES, DEPLOYMENT_BYTES, DEPLOYMENT_FILES
from engine.model import Resource
from engine.xml import XmlRefused, text_of

SANDBOX = "default-src 'none'; sandbox"


def resources(files: Iterable[UploadFile]) -> list[Resource]:
    """Uploaded files as resources of a deployment; 413 beyond 50 files or 20 MB together."""
    listed = list(files)
    if len(listed) > DEPLOYMENT_FILES or sum(file.size or 0 for file in listed) > DEPLOYMENT_BYTES:
        raise refuse(
            "too_large",
            f"一次最多部署 {DEPLOYMENT_FILES} 个文件、共 {DEPLOYMENT_BYTES:,} 字节。",
            f"At most {DEPLOYMENT_FILES} files of {DEPLOYMENT_BYTES:,} bytes together are deployed at once.",
        )
    return [Resource(file.filename or "", file.file.read()) for file in listed]


@contextmanager
def drawn(resources: Iterable[Resource]) -> Iterator[None]:
    """Give a refused deployment its diagrams as text, so that a page can draw the problems where they are."""
    try:
        yield
    except DeploymentRefused as refused:
        raise DrawnRefusal(refused.problems, _diagrams(resources)) from refused


def _diagrams(resources: Iterable[Resource]) -> list[dict[str, str]]:
    """The BPMN files that can be read as text at all; what is no text has no place to draw on."""
    found = []
    for resource in resources:
        if resource.name.lower().endswith(".bpmn"):
            with suppress(XmlRefused):
                found.append({"name": resource.name, "xml": text_of(resource.content)})
    return found


def attachment(file: UploadFile) -> bytes:
    """The bytes of an uploaded file; 413 beyond 20 MB."""
    if (file.size or 0) > ATTACHMENT_BYTES:
        raise refuse(
            "too_large",
            f"附件不能超过 {ATTACHMENT_BYTES:,} 字节。",
            f"An attachment has at most {ATTACHMENT_BYTES:,} bytes.",
        )
    return file.file.read()


def download(name: str, media_type: str, content: bytes, *, inline: bool = False) -> Response:
    """A file as an answer. What people uploaded is saved, never shown in place; our own PDF may be shown (`inline`)."""
    disposition = f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}"
    headers = {"Content-Disposition": disposition}
    if not inline:
        headers["Content-Security-Policy"] = SANDBOX
    return Response(content, media_type=media_type, headers=headers)
