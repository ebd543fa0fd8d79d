"""Writes docs/camunda-api.md."""

from tests.camunda8.page import PAGE, page

PAGE.write_text(page(), "utf-8")
