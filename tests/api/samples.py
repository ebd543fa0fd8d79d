"""What people of the tests type and attach."""

from pathlib import Path
from typing import Any

REPORT = {
    "name": "甲某一",
    "place": "甲一村三组",
    "urgentCause": "fire",
    "foundAt": "2026-02-14T19:50:00+08:00",
    "finder": "网格员乙",
}
JPEG = b"\xff\xd8\xff\xe0synthetic picture"
STUCK = (Path(__file__).parent / "diagrams" / "stuck.bpmn").read_bytes()
"""A process that stands still at its first gateway."""


def check_form(photo: str) -> dict[str, Any]:
    return {
        "personSeen": True,
        "situation": "住房过火,一家三口无处居住,急需过渡。",
        "photos": [photo],
        "urgentConfirmed": True,
        "urgentNeeds": ["money", "shelter"],
        "size": 3,
        "amount": 2000,
        "aidClass": "ordinary",
        "householdId": "new",
        "signature": "查某 2026-02-14 20:30",
        "secondSignature": "第二人 2026-02-14 20:30",
    }
