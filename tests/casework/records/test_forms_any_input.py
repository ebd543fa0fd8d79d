"""Whatever is sent to a form is answered with values and faults, never with a crash, and never sets what is not asked for."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from casework.law.calendar import FUNCTIONS, Calendar
from casework.records import formjs, forms
from casework.records.formjs import Component, Moment
from tests.processes.files import FORMS as SHIPPED_FORMS

CALENDAR = Calendar(version=1, published_until=date(2026, 12, 31), special={})
MOMENT = Moment(datetime(2026, 2, 14, 12, tzinfo=UTC), ZoneInfo("Asia/Shanghai"), CALENDAR)
FORMS = {file.stem: forms.read(orjson.loads(file.read_bytes()), FUNCTIONS) for file in SHIPPED_FORMS}

ODD_TEXT = some.sampled_from(
    ["", " ", "x", "是", "𬱖", "\x00", "1e400", "-0", "NaN", "files::x", "2026-02-30", "2026-02-14T20:00+08:00", "9" * 50, "=1+1", "{{x}}"]
)
SCALARS = some.one_of(
    some.none(), some.booleans(), some.integers(-(10**40), 10**40), some.decimals(allow_nan=False, allow_infinity=False), ODD_TEXT,
    some.text(max_size=20),
)  # fmt: skip
ANYTHING = some.recursive(SCALARS, lambda inner: some.lists(inner, max_size=4) | some.dictionaries(ODD_TEXT, inner, max_size=4), max_leaves=8)


def submission(component: Component) -> Any:
    """Data of the form's shape with anything in its places, or anything at all."""
    names = {name for child in formjs.walk(component) for name in child.path}
    return some.dictionaries(some.sampled_from([*sorted(names), "caseNo", "policy", "__proto__", "stranger"]), ANYTHING, max_size=12)


@pytest.mark.parametrize("name", sorted(FORMS))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=some.data())
def test_any_json_is_answered_and_sets_only_what_the_form_shows(name: str, data: Any) -> None:
    form = FORMS[name]
    submitted, stored = data.draw(submission(form.root)), data.draw(submission(form.root))

    checked = forms.check(form, submitted, stored, MOMENT)

    assert set(checked.values) <= {child.path[0] for child in form.root.children if child.path}
    assert not set(checked.values) & forms.WRITTEN_BY_CASEWORK
    assert all(error.zh and error.en for error in checked.errors)


@pytest.mark.parametrize("name", sorted(FORMS))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=some.data())
def test_what_was_accepted_is_accepted_again_and_changes_nothing(name: str, data: Any) -> None:
    form = FORMS[name]
    first = forms.check(form, data.draw(submission(form.root)), {}, MOMENT)
    again = forms.check(form, first.values, first.values, MOMENT)

    assert again.values == first.values
