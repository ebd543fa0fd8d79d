"""How much one HTTP request may bring; the bounds of its content stand in `engine.limits`."""

from engine.limits import ATTACHMENT_BYTES, DEPLOYMENT_BYTES, VARIABLES_BYTES

JSON_BODY_BYTES = VARIABLES_BYTES + 1_000_000
"""A form's whole content, with room for escapes of Chinese text."""

UPLOAD_BODY_BYTES = max(ATTACHMENT_BYTES, DEPLOYMENT_BYTES) + 1_000_000
"""The largest file or bundle, with room for the parts' own headers."""

UPLOAD_FIELDS = 20
"""Text fields beside the files of one upload."""

EVENT_STREAMS_PER_PERSON = 6
"""Open tabs that are kept up to date; further tabs ask again by themselves."""

KEY_CHARACTERS = 200
"""Of an `Idempotency-Key`."""

SEARCH_CHARACTERS = 100
"""Of a search text; longer ones find nothing that shorter ones would not."""

PAGE_ROWS = 100
"""Rows of one page of a list."""

SENTENCE_CHARACTERS = 2_000
"""Of a ground or a remark that goes on record."""
