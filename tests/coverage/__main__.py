"""`python -m tests.coverage` writes docs/bpmn-coverage.md."""

from tests.coverage.page import main

main()
