"""Random walks use the engine's laboratory."""

from tests.engine.conftest import lab

__all__ = ["lab"]
