"""The engine's log: what an operator must know, never what a case contains."""

import logging

log = logging.getLogger("yimen.engine")
