"""The one tree of migrations over the tables of the engine and of casework.

`metadata` holds every table of the product: both table modules declare on the same object, and importing them here is what
makes the list complete.
"""

from importlib import import_module
from importlib.util import find_spec

from sqlalchemy import MetaData

metadata = MetaData()
for _name in ("engine.persistence.tables", "casework.persistence.tables"):
    _package = _name.split(".")[0]
    if find_spec(_package) and find_spec(f"{_package}.persistence") and find_spec(_name):
        metadata = import_module(_name).metadata

__all__ = ["metadata"]
