"""What JUEL gives: operators, coercions, paths, methods, moments, templates (Expression Language 2.2; Camunda 7)."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.juel import BUSINESS_KEY, compile_juel
from tests.feel.moment import NOW

Value = Callable[..., Any]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # literals
        ("${1}", 1),
        ("${1.50}", Decimal("1.50")),
        ("${.5}", Decimal("0.5")),
        ("${1e3}", Decimal("1E+3")),
        ("${'a'}", "a"),
        ('${"a"}', "a"),
        (r"${'it\'s'}", "it's"),
        (r'${"a\\b"}', "a\\b"),
        ("${true}", True),
        ("${null}", None),
        ("#{n}", 5),
        ("${ n }", 5),
        # arithmetic
        ("${n + 1}", 6),
        ("${n - 7}", -2),
        ("${n * rate}", Decimal("7.5")),
        ("${7 / 2}", Decimal("3.5")),
        ("${7 div 2}", Decimal("3.5")),
        ("${7 % 4}", 3),
        ("${-7 mod 4}", -3),
        ("${1 + 2 * 3}", 7),
        ("${(1 + 2) * 3}", 9),
        ("${-n}", -5),
        ("${- -n}", 5),
        ("${digits + 1}", 13),
        ("${nothing + 1}", 1),
        ("${blank + 1}", 1),
        ("${0.1 + 0.2 == 0.3}", True),
        # comparison
        ("${n == 5}", True),
        ("${n eq '5'}", True),
        ("${n != 5.0}", False),
        ("${n ne 6}", True),
        ("${n > 4 && n < 6}", True),
        ("${n ge 5 and n le 5}", True),
        ("${digits < 100}", True),
        ("${digits < '100'}", False),
        ("${word lt 'World'}", True),
        ("${yes == 'TRUE'}", True),
        ("${yes == 'other'}", False),
        ("${nothing == null}", True),
        ("${nothing != null}", False),
        ("${null == 0}", False),
        ("${nothing < 1}", False),
        ("${nothing <= null}", True),
        ("${list == list}", True),
        ("${list == none}", False),
        ("${map.a == map['a']}", True),
        ("${1 < 2 == true}", True),
        # logic
        ("${!no}", True),
        ("${not yes}", False),
        ("${yes && !no || missing}", True),
        ("${no && missing}", False),
        ("${nothing || yes}", True),
        ("${'true' && yes}", True),
        ("${empty nothing && empty blank && empty none}", True),
        ("${empty list or empty zero}", False),
        ("${not empty word}", True),
        ("${empty map}", False),
        ("${n > 3 ? 'many' : 'few'}", "many"),
        ("${no ? 1 : yes ? 2 : 3}", 2),
        ("${(no ? 1 : 2) + 1}", 3),
        # paths
        ("${map.a.b}", 1),
        ("${map['a']['b']}", 1),
        ('${map["with space"]}', 2),
        ("${map.missing}", None),
        ("${map.missing.further[3].on}", None),
        ("${map['10']}", "ten"),
        ("${map[10]}", None),
        ("${nothing.a}", None),
        ("${nothing[missing]}", None),
        ("${list[0]}", 1),
        ("${list['1']}", "two"),
        ("${list[2].k}", "v"),
        ("${list[3]}", None),
        ("${list[-1]}", None),
        ("${list[n - 4]}", "two"),
        # loops of Camunda 7 are plain variables
        ("${loopCounter == 0 && nrOfInstances == 3}", True),
    ],
)
def test_an_expression_has_its_value(value: Value, source: str, expected: object) -> None:
    assert value(source) == expected
    assert isinstance(value(source), bool) is isinstance(expected, bool)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("${word.contains('ell')}", True),
        ("${word.startsWith('He')}", True),
        ("${word.startsWith('l', 2)}", True),
        ("${word.endsWith('x')}", False),
        ("${word.equals('Hello')}", True),
        ("${word.equals(nothing)}", False),
        ("${word.equalsIgnoreCase('HELLO')}", True),
        ("${word.toUpperCase()}", "HELLO"),
        ("${word.toLowerCase().length()}", 5),
        ("${'  x '.trim()}", "x"),
        ("${' '.isBlank()}", True),
        ("${blank.isEmpty()}", True),
        ("${word.substring(1)}", "ello"),
        ("${word.substring(1, 3)}", "el"),
        ("${word.charAt(0)}", "H"),
        ("${word.indexOf('l')}", 2),
        ("${word.indexOf('l', 3)}", 3),
        ("${word.lastIndexOf('l')}", 3),
        ("${word.replace('l', 'L')}", "HeLLo"),
        ("${word.concat('!')}", "Hello!"),
        ("${'a/b//'.split('/')}", ["a", "b"]),
        ("${'a.b'.split('\\\\.')[1]}", "b"),
        ("${list.size()}", 3),
        ("${list.isEmpty()}", False),
        ("${list.contains('two')}", True),
        ("${list.contains('1')}", False),
        ("${list.indexOf('two')}", 1),
        ("${list.get(0)}", 1),
        ("${list.containsAll(none)}", True),
        ("${map.get('a').get('b')}", 1),
        ("${map.containsKey('a')}", True),
        ("${map.containsValue(2)}", True),
        ("${map.size() + map.keySet().size()}", 6),
        ("${map.getOrDefault('x', 9)}", 9),
        ("${n.equals(5)}", True),
        ("${n.equals('5')}", False),
        ("${n.toString()}", "5"),
        ("${rate.intValue()}", 1),
        ("${yes.equals(true)}", True),
        # Spin
        ("${S(json).prop('name').stringValue()}", "Li"),
        ("${S(json).prop('age').numberValue() >= 21}", True),
        ("${JSON(json).prop('ok').boolValue()}", True),
        ("${S(json).prop('tags').elements().size()}", 2),
        ("${S(json).hasProp('gone')}", False),
        ("${S(map).prop('a').prop('b').value()}", 1),
        # results of decisions
        ("${rows.getSingleResult().grade}", "A"),
        ("${rows.getSingleEntry()}", "A"),
        ("${rows.getFirstResult().getEntry('grade')}", "A"),
        ("${rows.collectEntries('grade')}", ["A"]),
        ("${none.getSingleResult()}", None),
    ],
)
def test_a_method_of_the_list_has_its_result(value: Value, source: str, expected: object) -> None:
    assert value(source, rows=[{"grade": "A"}]) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("${dateTime().toDate()}", "2026-11-22T12:30:00+08:00"),
        ("${now()}", "2026-11-22T12:30:00+08:00"),
        ("${dateTime().plusDays(3).toDate()}", "2026-11-25T12:30:00+08:00"),
        ("${dateTime().plusWeeks(n)}", "2026-12-27T12:30:00+08:00"),
        ("${dateTime().plusMonths(3).plusDays(6).plusMonths(1).toDate()}", "2027-03-28T12:30:00+08:00"),
        ("${dateTime().minusYears(2).minusHours(13).toDate()}", "2024-11-21T23:30:00+08:00"),
        ("${dateTime().plusMinutes(45).minusSeconds(1).toDate()}", "2026-11-22T13:14:59+08:00"),
        ("${dateTime().withTimeAtStartOfDay().plusDays(1).toDate()}", "2026-11-23T00:00:00+08:00"),
        ("${dateTime().withTime(17, 0, 0, 0).toDate()}", "2026-11-22T17:00:00+08:00"),
        ("${dateTime().withHourOfDay(9).withMinuteOfHour(0).toDate()}", "2026-11-22T09:00:00+08:00"),
        ("${dateTime().withDayOfMonth(1).withMonthOfYear(2).toDate()}", "2026-02-01T12:30:00+08:00"),
        ("${dateTime().withDayOfWeek(1).toDate()}", "2026-11-16T12:30:00+08:00"),
    ],
)
def test_a_moment_is_reckoned_in_the_authoritys_zone(value: Value, source: str, expected: str) -> None:
    found = value(source)

    assert isinstance(found, datetime)
    assert found.isoformat() == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("${dateTime().toString('yyyy-MM-dd')}", "2026-11-22"),
        ("${dateTime().toString(\"d.M.yy HH:mm:ss.SSS 'Uhr'\")}", "22.11.26 12:30:00.000 Uhr"),
        ("${dateTime().toString()}", "2026-11-22T12:30:00+08:00"),
        ("Due ${dateTime().plusDays(1).toDate()}", "Due 2026-11-23T12:30:00+08:00"),
        ("${dateTime().year}", 2026),
        ("${dateTime().getDayOfWeek()}", 7),
        ("${dateTime().dayOfYear}", 326),
        ("${now().getTime()}", 1795321800000),
        ("${now() < due}", True),
        ("${due > now()}", True),
        ("${now() == due}", False),
        ("${now().before(due)}", True),
        ("${dateTime().isAfter(due)}", False),
        ("${dateTime().plusDays(9).isAfterNow()}", True),
        ("${dateTime().equals(null)}", False),
    ],
)
def test_a_moment_can_be_written_read_and_compared(value: Value, source: str, expected: object) -> None:
    assert value(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Case ${n} of ${word}", "Case 5 of Hello"),
        ("${n}${n}", "55"),
        ("${word} ", "Hello "),
        ("a ${nothing} b", "a  b"),
        ("is ${yes}, ${rate}", "is true, 1.5"),
        ("${list} ${map.a}", "[1, two, {k=v}] {b=1}"),
        ("${n} costs $5 {x} #", "5 costs $5 {x} #"),
        (r"\${n} ${n}", "${n} 5"),
        (r"\#{n} ${n} \ \\", r"#{n} 5 \ \\"),
        ("${'}'}${\"${\"}", "}${"),
    ],
)
def test_text_around_expressions_makes_a_text(value: Value, source: str, expected: str) -> None:
    assert value(source) == expected


def test_a_single_expression_keeps_the_kind_of_its_value(value: Value) -> None:
    assert value("${list}") == [1, "two", {"k": "v"}]
    assert value("${n}") == 5


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("${a.b[c] + d}", {"a", "c", "d"}),
        ("${execution.getVariable('x').y}", {"x"}),
        ('${execution.hasVariable("z") ? z : w}', {"z", "w"}),
        ("text ${a} ${b}", {"a", "b"}),
        ("${dateTime().plusDays(days)}", {"days"}),
        ("${execution.processBusinessKey}", {BUSINESS_KEY}),
        ("${execution.getProcessBusinessKey()}", {BUSINESS_KEY}),
        ("${1 + 1}", set()),
    ],
)
def test_an_expression_names_the_variables_that_it_may_read(source: str, names: set[str]) -> None:
    assert compile_juel(source).names == names


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("${execution.getVariable('n')}", 5),
        ("${execution.getVariable('missing')}", None),
        ("${execution.hasVariable('missing')}", False),
        ("${execution.hasVariable('nothing')}", True),
        ("${task.getVariable('word')}", "Hello"),
    ],
)
def test_variables_can_be_asked_for_by_name(value: Value, source: str, expected: object) -> None:
    assert value(source) == expected


def test_the_business_key_is_what_the_engine_hands_over() -> None:
    expression = compile_juel("Case ${execution.processBusinessKey}")

    assert expression.evaluate({BUSINESS_KEY: "2026-17"}, now=NOW) == "Case 2026-17"
