"""The moment at which the tests of FEEL take place."""

from datetime import UTC, datetime

NOW = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)  # half past twelve in Shanghai
