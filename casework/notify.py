"""Messages to officers: a text of `texts.yaml` filled with a job's data, to posts of the case, over a channel.

A text names the fields it takes, and how each is shown; nothing else of the data can leave. A message in the inbox is delivered
by being written; for sms and telephone the row waits for a gateway or a person who calls, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from string import Formatter

from casework import deployed
from casework.act import Act
from casework.deployed import BadTable
from casework.model.cases import CaseFile
from casework.model.outgoing import Notification
from casework.people import organisation
from casework.records import masks
from engine.errors import InvalidInput
from engine.model import Json

FILE = "texts.yaml"
INBOX = "inbox"
#: Channel -> its name in Chinese and English.
CHANNELS: Mapping[str, tuple[str, str]] = {
    INBOX: ("系统内消息", "message in the system"), "sms": ("短信", "text message"), "phone": ("电话", "telephone"),
}  # fmt: skip
DELIVERED = "delivered"
WAITING = "waiting"
#: The verb of the record where a message has no receiver.
NOBODY_TOLD = "notify-nobody"
_PLAIN = frozenset({"text", "moment", "day", "number", "post"})


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages; `fields` says how each field is shown: text, moment, day, number, post or a list of words."""

    id: str
    zh: str
    en: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Texts:
    """All texts, and the words by which coded values are shown: list -> code -> (Chinese, English)."""

    texts: Mapping[str, Text]
    words: Mapping[str, Mapping[str, tuple[str, str]]]


def parse(tree: Json) -> Texts:
    """`texts.yaml`. Raises BadTable for a text that names a field which it does not list."""
    words = {
        str(name): {str(code): (deployed.text(both, "zh"), deployed.text(both, "en")) for code, both in listed.items()}
        for name, listed in (tree.get("words") or {}).items()
    }
    texts = {}
    for row in deployed.rows(tree, "texts"):
        text = Text(deployed.text(row, "id"), deployed.text(row, "zh"), deployed.text(row, "en"), dict(row.get("fields") or {}))
        named = {name for language in (text.zh, text.en) for _, name, _, _ in Formatter().parse(language) if name is not None}
        unknown = sorted(named - text.fields.keys())
        strange = sorted(set(text.fields.values()) - _PLAIN - words.keys())
        if unknown or strange:
            raise BadTable(f"文本 {text.id} 的字段不明:{unknown}{strange}", f"Text {text.id}: unknown fields {unknown} {strange}")
        texts[text.id] = text
    return Texts(texts, words)


def texts(act: Act) -> Texts:
    """The texts as deployed."""
    return deployed.table(act, FILE, parse)


def notify(act: Act, case: CaseFile, text_id: str, channel: str, posts: Sequence[str], data: Mapping[str, Json]) -> list[Notification]:
    """One message per post that the case has an office for; InvalidInput for an unknown text, channel or post.

    They are one entry of the record, under the first of them; where no post has an office, the entry says that nobody was told.
    """
    if channel not in CHANNELS:
        raise InvalidInput(f"没有渠道 {channel}。", f"There is no channel {channel}.")
    zh, en = filled(act, text_id, data)
    audiences = [
        organisation.audience_of(post.partition(":")[0], office)
        for post in dict.fromkeys(posts)
        for office in organisation.offices_of_post(act, post, case)
    ]
    sent = [
        act.add(
            Notification(
                region=act.region, id=act.new_id(), case_id=case.id, audience=audience, channel=channel, text_id=text_id, zh=zh, en=en,
                sent_at=act.now, read_at=None, state=DELIVERED if channel == INBOX else WAITING,
            )
        )
        for audience in dict.fromkeys(audiences)
    ]
    noted = {"text": text_id, "channel": channel, "to": [one.audience for one in sent]}
    if sent:
        act.record("notify", sent[0], after=noted)
    else:
        act.record(NOBODY_TOLD, case, after={**noted, "posts": list(posts)})
    return sent


def told(act: Act, first: Notification) -> tuple[str, str]:
    """A message of the record as a sentence: to whom, over which channel, and what it says; in Chinese and English.

    Texts name places with their house numbers: what a message says is told to its receivers and to posts that see addresses plain.
    """
    sent_together = act.find_all(
        Notification, case_id=first.case_id, text_id=first.text_id, channel=first.channel, sent_at=first.sent_at, zh=first.zh
    )
    receivers = [organisation.audience_words(act, one.audience) for one in sent_together]
    zh, en = CHANNELS.get(first.channel, (first.channel, first.channel))
    if first.state == WAITING:
        zh, en = f"{zh},待发出", f"{en}, not sent yet"
    said = (first.zh, first.en) if _reads(act, sent_together) else ("内容不对您的岗位显示", "not shown to your post")
    return (
        f"致{'、'.join(each[0] for each in receivers)}({zh}):{said[0]}",
        f"To {', '.join(each[1] for each in receivers)} ({en}): {said[1]}",
    )


def filled(act: Act, text_id: str, data: Mapping[str, Json]) -> tuple[str, str]:
    """A text with the data put in, in Chinese and English; a field without a value shows as a dash."""
    known = texts(act)
    text = known.texts.get(text_id)
    if text is None:
        raise InvalidInput(f"没有文本 {text_id}。", f"There is no text {text_id}.")
    shown = {name: _shown(act, known, kind, data.get(name)) for name, kind in text.fields.items()}
    return (
        text.zh.format_map({name: both[0] for name, both in shown.items()}),
        text.en.format_map({name: both[1] for name, both in shown.items()}),
    )


def word(act: Act, listed: str, code: Json) -> tuple[str, str]:
    """How a coded value is shown, in Chinese and English; the code itself where no list has it."""
    return texts(act).words.get(listed, {}).get(str(code), (str(code), str(code)))


def _reads(act: Act, sent: Sequence[Notification]) -> bool:
    if act.actor is None:
        return True
    own = organisation.audiences_of(act, act.actor.staff_id)
    posts_held = {audience.partition("@")[0] for audience in own}
    return bool(own & {one.audience for one in sent} or posts_held & masks.SEES_PLAIN["M-ADDR"])


def _shown(act: Act, known: Texts, kind: str, value: Json) -> tuple[str, str]:
    if value is None or value == "":
        return "—", "—"
    if kind in known.words:
        return known.words[kind].get(str(value), (str(value), str(value)))
    if kind == "post":
        post = organisation.posts(act).get(str(value).partition(":")[0])
        return (post.zh, post.en) if post else (str(value), str(value))
    if kind in ("moment", "day"):
        text = _moment(act, str(value), kind)
        return text, text
    text = format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)
    return text, text


def _moment(act: Act, text: str, kind: str) -> str:
    try:
        if len(text) == len("2026-02-14"):
            return date.fromisoformat(text).isoformat()
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    local = moment if moment.tzinfo is None else moment.astimezone(act.house.zone)
    return f"{local:%Y-%m-%d %H:%M}" if kind == "moment" else f"{local:%Y-%m-%d}"
