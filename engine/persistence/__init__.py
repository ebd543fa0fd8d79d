"""Tables, transactions and claims: the only place of the engine that speaks SQL."""

from engine.persistence.database import Database

__all__ = ["Database"]
