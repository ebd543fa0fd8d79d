"""Parameters that many routes take, bounded once."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from api.bounds import PAGE_ROWS, SEARCH_CHARACTERS, SENTENCE_CHARACTERS

Id = Annotated[int, Path(ge=1, lt=2**63, description="A numeric string.")]
CaseNo = Annotated[str, Path(max_length=60)]
Code = Annotated[str, Path(max_length=60)]
Name = Annotated[str, Path(max_length=255)]

Search = Annotated[str, Query(max_length=SEARCH_CHARACTERS, description="Part of a name, a case number, a title.")]
After = Annotated[str | None, Query(max_length=200, description="`next` of the page before.")]
AfterId = Annotated[int, Query(ge=0, lt=2**63, description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=PAGE_ROWS)]
AsOf = Annotated[date | None, Query(alias="asOf", description="As it stood on this day.")]
KnownAt = Annotated[datetime | None, Query(alias="knownAt", description="As it was known at this moment.")]


class Body(BaseModel):
    """A JSON object with exactly the documented members, named in camelCase."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel, validate_by_name=True)


class Nothing(Body):
    """An operation that needs no word: an empty object, or no body."""


RecordId = Annotated[int, Field(ge=1, lt=2**63)]
"""An id inside a body; a numeric string on the wire."""

Sentence = Annotated[str, Field(max_length=SENTENCE_CHARACTERS, description="A sentence that goes on record.")]
