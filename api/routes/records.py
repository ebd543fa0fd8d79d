"""Persons and households, ledgers, legal clocks, relations."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from api.door import SignedDoor, acting, reading
from api.parameters import AfterId, AsOf, Body, Code, Id, KnownAt, Limit, RecordId, Search, Sentence
from api.shapes import cases as case_shapes
from api.shapes import people, records
from api.shapes.rows import case_row
from casework.act import Act
from casework.desk import colleagues
from casework.people import relations
from casework.records import case_page, cases, households, ledgers

router = APIRouter(prefix="/api", tags=["records"], route_class=SignedDoor)


class Declaration(Body):
    """A near relation of an officer (the asker, unless another is named) to a case, a person or a household."""

    staff_id: RecordId | None = None
    case_no: Annotated[str | None, Field(max_length=60)] = None
    person_id: RecordId | None = None
    household_id: RecordId | None = None
    type: str
    nature: str | None = None
    care: bool | None = None
    ground: Sentence


class Ending(Body):
    """Why a relation no longer holds."""

    ground: Sentence = ""


@router.get("/colleagues")
@reading
def find_colleagues(act: Act, q: Search = "") -> list[people.Colleague]:
    """Colleagues whom a form or a transfer may name: by name, pinyin or login; without a text those of the own township."""
    return [people.colleague(each) for each in colleagues.find(act, q)]


@router.get("/persons")
@reading
def persons(act: Act, q: Search = "") -> list[records.Person]:
    """Persons whose name, its spelling in letters, or whole ID number is this; numbers masked."""
    return [records.person(each) for each in households.persons(act, q)]


@router.get("/households")
@reading
def search_households(act: Act, q: Search = "") -> list[records.Household]:
    """Households by the name of a member or their file number."""
    return [records.household(each) for each in households.search(act, q)]


@router.get("/households/{household_id}")
@reading
def household(act: Act, household_id: Id) -> records.HouseholdView:
    """A household with its members, masked, and its cases."""
    rows = [case_row(each) for each in cases.of_household(act, household_id)]
    return records.household_view(households.view(act, household_id), rows)


@router.get("/ledgers")
@reading
def ledger_kinds(act: Act) -> list[records.Ledger]:
    """The ledgers that I may read, with their columns."""
    return [records.ledger(each) for each in ledgers.visible(act)]


@router.get("/ledgers/{code}")
@reading
def ledger(
    act: Act, code: Code, as_of: AsOf = None, known_at: KnownAt = None, after: AfterId = 0, limit: Limit = 50
) -> records.LedgerPage:
    """A page of a ledger, as it stands, as of a day, or as it was known at a moment."""
    return records.ledger_page(ledgers.page(act, code, as_of=as_of, known_at=known_at, after=after, limit=limit))


@router.get("/clocks/{clock_id}/explanation")
@reading
def explanation(act: Act, clock_id: Id) -> case_shapes.ClockExplanation:
    """A legal clock, day by day: what counted and why."""
    return case_shapes.explanation(*case_page.clock_days(act, clock_id))


@router.get("/relations")
@reading
def declared(act: Act) -> list[people.Relation]:
    """Relations that I declared or that were declared about me; heads and supervisors see those of their office."""
    return [people.relation(each) for each in relations.listed(act)]


@router.post("/relations", status_code=201)
@acting(status=201)
def declare(act: Act, body: Declaration) -> people.Relation:
    """Declare a near relation; it bars the officer from the case from now on, at every door."""
    return people.relation(relations.declared(act, relations.declare(act, **body.model_dump())))


@router.delete("/relations/{relation_id}", status_code=204)
@acting
def end(act: Act, relation_id: Id, body: Ending | None = None) -> None:
    """End a relation that no longer holds, or was declared in error; for the district, which checks it."""
    relations.end(act, relation_id, ground=body.ground if body else "")
