"""Files of cases: what is taken, whose they are, and that a reference is only worth what the server vouches for."""

from typing import Any

import pytest

from casework.errors import Unknown
from casework.records import documents
from casework.records.formjs import Component
from casework.records.forms import FileRefused
from engine.errors import InvalidInput, LimitReached
from engine.limits import ATTACHMENT_BYTES
from tests.casework.records.conftest import Town

JPEG = b"\xff\xd8\xff\xe0 picture"


def picker(**raw: Any) -> Component:
    return Component(id="f", type="filepicker", path=("f",), raw=raw)


def upload(town: Town, post: str = "survey-officer", *, case_no: str | None = None, nth: int = 0) -> Any:
    with town.authority.act(town.officer(post, nth=nth)) as act:
        return documents.upload(act, "现场.jpg", "image/jpeg", JPEG, case_no=case_no)


@pytest.mark.parametrize(
    ("kind", "content"),
    [("text/html", b"<html>"), ("image/svg+xml", b"<svg>"), ("image/png", JPEG), ("application/pdf", b"MZ"), ("application/x-sh", b"#!")],
)
def test_what_a_browser_would_run_or_what_is_not_what_it_says_is_not_taken(kind: str, content: bytes, town: Town) -> None:
    with pytest.raises(InvalidInput), town.authority.act(town.officer("survey-officer")) as act:
        documents.upload(act, "a", kind, content)


def test_a_file_above_the_bound_is_not_taken(town: Town) -> None:
    with pytest.raises(LimitReached), town.authority.act(town.officer("survey-officer")) as act:
        documents.upload(act, "a.jpg", "image/jpeg", JPEG + bytes(ATTACHMENT_BYTES))


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\x\\y.jpg", "y.jpg"), ("a\x00b.pdf", "a_b.pdf"), ("..", "file"), ("", "file"), ("长" * 300 + ".pdf", "长" * 196 + ".pdf")],
)
def test_a_files_name_is_a_name_and_no_path(name: str, kept: str) -> None:
    assert documents.safe_name(name) == kept


def test_an_upload_is_its_uploaders_until_it_belongs_to_a_case(town: Town) -> None:
    document = upload(town)
    with town.authority.read(town.officer("survey-officer")) as act:
        assert documents.download(act, document.id)[1] == JPEG
    with pytest.raises(Unknown), town.authority.read(town.officer("fund-officer")) as act:
        documents.download(act, document.id)


def test_a_document_of_a_case_is_for_those_who_may_see_the_case(town: Town) -> None:
    with town.read() as act:
        case_no = town.case(act).case_no
    document = upload(town, case_no=case_no)

    with town.authority.read(town.officer("case-handler")) as act:
        assert documents.download(act, document.id)[0].name == "现场.jpg"
    with pytest.raises(Unknown), town.authority.read(town.officer("case-handler", "JA-02")) as act:
        documents.download(act, document.id)


def test_a_reference_becomes_one_that_the_server_vouches_for(town: Town) -> None:
    document = upload(town)
    with town.authority.act(town.officer("survey-officer")) as act:
        (reference,) = documents.resolver(act, town.case_id)(
            [{"documentId": str(document.id), "contentHash": "forged", "metadata": {"fileName": "forged.exe", "size": 1}}], picker()
        )
        act.record("nothing", "test")

    assert reference["metadata"] == {"fileName": "现场.jpg", "contentType": "image/jpeg", "size": len(JPEG)}
    with town.authority.read(town.officer("case-handler")) as act:
        assert documents.download(act, int(reference["documentId"]))[0].case_id == town.case_id


@pytest.mark.parametrize("sent", ["files::abc", ["9"], [{"documentId": "9"}], [{"documentId": 9}], [{}], "٣", ["-1"]])
def test_a_reference_to_nothing_is_refused(sent: Any, town: Town) -> None:
    with town.authority.act(town.officer("survey-officer")) as act:
        with pytest.raises(FileRefused):
            documents.resolver(act, town.case_id)(sent, picker())
        act.record("nothing", "test")


def test_anothers_upload_cannot_be_handed_in(town: Town) -> None:
    document = upload(town)
    with town.authority.act(town.officer("fund-officer")) as act:
        with pytest.raises(FileRefused):
            documents.resolver(act, town.case_id)([str(document.id)], picker())
        act.record("nothing", "test")


@pytest.mark.parametrize(("raw", "rule"), [({"accept": ".pdf,image/png"}, "accept"), ({"multiple": False}, "files")])
def test_the_pickers_own_limits_hold_on_the_server(raw: Any, rule: str, town: Town) -> None:
    one, two = upload(town), upload(town)
    with town.authority.act(town.officer("survey-officer")) as act:
        sent = [str(one.id)] if rule == "accept" else [str(one.id), str(two.id)]
        with pytest.raises(FileRefused) as refused:
            documents.resolver(act, town.case_id)(sent, picker(**raw))
        act.record("nothing", "test")

    assert refused.value.rule == rule


def test_a_file_that_was_touched_is_not_given_out(town: Town) -> None:
    document = upload(town)
    (town.authority.house.files / document.place).write_bytes(JPEG + b"!")

    with pytest.raises(ValueError, match="differs"), town.authority.read(town.officer("survey-officer")) as act:
        documents.download(act, document.id)


def test_the_files_of_a_start_form_become_those_of_the_case_that_it_began(town: Town) -> None:
    document = upload(town)
    with town.system() as act:
        documents.adopt(act, town.case_id, {"photos": [documents.reference(document)], "note": "x", "n": 1})

    with town.authority.read(town.officer("case-handler")) as act:
        assert documents.download(act, document.id)[1] == JPEG
    with pytest.raises(Unknown), town.authority.read(town.officer("case-handler", "JA-02")) as act:
        documents.download(act, document.id)
