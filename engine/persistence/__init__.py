"""Tables, transactions and claims: the only place of the engine that speaks SQL."""

from sqlalchemy import Connection

from engine.persistence.database import Database

__all__ = ["Connection", "Database"]
