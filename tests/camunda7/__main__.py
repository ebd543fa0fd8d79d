"""Writes docs/camunda7-api.md anew."""

from tests.camunda7.page import FILE, page

FILE.write_text(page(), "utf-8")
