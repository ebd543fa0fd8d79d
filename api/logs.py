"""The log: one line of JSON per event, so that nothing that people typed can forge a line or speak to a terminal."""

import json
import logging
from datetime import UTC, datetime


class JsonLines(logging.Formatter):
    """A record as one line of ASCII JSON: at, level, logger, message, and where they exist reference, request and trace."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if reference := record.__dict__.get("reference"):
            entry["reference"] = reference
        if request := record.__dict__.get("request"):
            entry |= request
        if record.exc_info:
            entry["trace"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=True)


def write_to_stderr(level: int = logging.INFO) -> None:
    """Send the log of everything in this process to the console, at `level` and above."""
    lines = logging.StreamHandler()
    lines.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[lines], force=True)
    for ours in ("yimen", "casework", "engine"):
        logging.getLogger(ours).setLevel(level)
