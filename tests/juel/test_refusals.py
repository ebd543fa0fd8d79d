"""What JUEL does not give: mistakes and Java are refused with their place; what has no value raises."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.feel import FeelLimitError, FeelSyntaxError
from engine.juel import JuelError, MissingVariable, compile_assignment, compile_juel

Value = Callable[..., Any]


@pytest.mark.parametrize(
    ("source", "column", "text"),
    [
        ("${", 1, "no closing }"),
        ("x ${a", 3, "no closing }"),
        ("${}", 3, "the expression ends here"),
        ("${a b}", 5, "unexpected 'b'"),
        ("${a +}", 6, "the expression ends here"),
        ("${(a}", 5, "expected ')'"),
        ("${a[1}", 6, "expected ']'"),
        ("${f(a, }", 8, "the expression ends here"),
        ("${a.}", 5, "expected a name"),
        ("${a.empty}", 5, "expected a name"),
        ("${a ? b}", 8, "expected ':'"),
        ("${a = 1}", 5, "has to be written '=='"),
        ("${a & b}", 5, "has to be written '&&'"),
        ("${a ＞ 1}", 5, "use > instead of the full-width"),
        ("${“a”}", 3, 'use " instead of the full-width'),
        ("${'a}", 3, "no closing '"),
        (r"${'\n'}", 4, "a backslash in a text"),
        ("${a} #{b}", 6, "cannot stand in one text"),
        ("${a~b}", 4, "unexpected character '~'"),
        ("${1234567890123456789012345678901234567}", 3, "more than 34 digits"),
        ("${1e9999}", 3, "too large"),
        ("${a not 1e9999999999999999999999999}", 5, "unexpected"),
        ("${not 1e9999999999999999999999999}", 7, "too large"),
        ("${a instanceof String}", 5, "instanceof"),
        ("${new java.util.Date()}", 3, "no Java object"),
        ("${a,b}", 4, "unexpected ','"),
        ("one\n${a ++}", 6, "unexpected '+'"),
    ],
)
def test_what_is_not_juel_is_refused_with_its_place(source: str, column: int, text: str) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_juel(source)

    assert text in caught.value.message_en
    assert caught.value.column == column
    assert caught.value.message_zh


@pytest.mark.parametrize(
    ("source", "column", "named"),
    [
        ("${bean.call(execution)}", 8, "bean.call"),
        ("${a.b.persist(1)}", 7, "a.b.persist"),
        ("${''.getClass()}", 6, '"".getClass'),
        ("${x.getClass().forName('java.lang.Runtime')}", 5, "x.getClass"),
        ("${word.matches('(a+)+b')}", 8, "word.matches"),
        ("${list.stream().count()}", 8, "list.stream"),
        ("${list.add(1)}", 8, "list.add"),
        ("${now().plusDays(3)}", 9, "plusDays"),
        ("${'a'.size()}", 7, "size"),
        ("${word.trim().plusDays(1)}", 15, "plusDays"),
        ("${word.substring()}", 8, "substring"),
        ("${word.trim(1)}", 8, "trim"),
        ("${dateTime(1)}", 3, "dateTime"),
        ("${currentUser()}", 3, "current user"),
        ("${XML(x)}", 3, "XML"),
        ("${unknown(1)}", 3, "unknown"),
        ("${execution}", 3, "execution"),
        ("${execution.variables}", 13, "execution.variables"),
        ("${execution.getVariable(name)}", 13, "getVariable"),
        ("${execution.getVariable('#elementId')}", 13, "getVariable"),
        ("${execution.hasVariable()}", 13, "hasVariable"),
        ("${execution.removeVariable('x')}", 13, "execution.removeVariable"),
        ("${execution.engineServices.runtimeService}", 13, "execution.engineServices"),
        ("${execution.setVariable('x', 1)}", 13, "execution.setVariable"),
        ("${task.setName('x')}", 8, "task.setName"),
        ("${authenticatedUserId}", 3, "authenticatedUserId"),
        ("${externalTask.id}", 16, "externalTask.id"),
        ("${'a' + b}", 7, "'+'"),
        ("${b + ' x'}", 5, "'+'"),
    ],
)
def test_java_and_unknown_methods_are_refused_by_name_and_place(source: str, column: int, named: str) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_juel(source)

    assert named in caught.value.message_en
    assert named.strip("'") in caught.value.message_zh or "当前用户" in caught.value.message_zh
    assert caught.value.column == column


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("${word + 1}", "cannot be taken for a number"),
        ("${yes + 1}", "cannot be taken for a number"),
        ("${n == 'five'}", "cannot be taken for a number"),
        ("${n == yes}", "cannot be taken for a number"),
        ("${n && yes}", "cannot be taken for a boolean"),
        ("${list ? 1 : 2}", "cannot be taken for a boolean"),
        ("${1 / zero}", "division by zero"),
        ("${1 % zero}", "division by zero"),
        ("${9e6000 * 9e6000}", "out of range"),
        ("${list < list}", "have no order"),
        ("${yes < no}", "have no order"),
        ("${now() < word}", "cannot be taken for a moment"),
        ("${word.length}", "has no property"),
        ("${n.a}", "has no property"),
        ("${list.first}", "cannot be taken for a number"),
        ("${list[1e99]}", "cannot be taken for a whole number"),
        ("${nothing.size()}", "called on null"),
        ("${n.contains(1)}", "has no method contains"),
        ("${word.get(0)}", "has no method get"),
        ("${word.substring(4, 2)}", "outside of the text"),
        ("${list.get(7)}", "no index 7"),
        ("${word.split('[a-z]')}", "plain text"),
        ("${S(word)}", "is no JSON"),
        ("${S(json).prop('gone')}", "no property 'gone'"),
        ("${S(json).prop('age').stringValue()}", "is no text"),
        ("${S(json).prop('name').boolValue()}", "is no boolean"),
        ("${S(json).prop('name').numberValue()}", "is no number"),
        ("${S(json).value()}", "no single value"),
        ("${list.getSingleResult()}", "3 results"),
        ("${dateTime().plusYears(99999)}", "out of range"),
        ("${dateTime().plusDays(1e12)}", "beyond the calendar"),
        ("${dateTime().withMonthOfYear(13)}", "out of range"),
        ("${dateTime().toString('EEEE')}", "'EEEE'"),
    ],
)
def test_what_has_no_value_raises_with_a_sentence(value: Value, source: str, text: str) -> None:
    with pytest.raises(JuelError) as caught:
        value(source)

    assert text in caught.value.message_en
    assert caught.value.message_zh


@pytest.mark.parametrize(
    "source", ["${missing}", "${missing.a.b}", "${empty missing}", "x ${missing} y", "${missing == null}"]
)
def test_a_variable_that_does_not_exist_raises_as_in_camunda_7(value: Value, source: str) -> None:
    with pytest.raises(MissingVariable) as caught:
        value(source)

    assert caught.value.name == "missing"


@pytest.mark.parametrize(
    "source",
    [
        "${" + "a" * 10_000 + "}",
        "${" + "(" * 101 + "a" + ")" * 101 + "}",
        "${" + "!" * 101 + "a}",
        "${" + "+".join("a" * 200) + "}",
        "${a" + ".b" * 200 + "}",
        "${" + "a ? b : " * 101 + "c}",
    ],
)
def test_a_text_too_long_or_too_deep_is_refused(source: str) -> None:
    with pytest.raises(FeelLimitError):
        compile_juel(source)


@pytest.mark.parametrize(
    ("source", "more"),
    [
        ("${text.replace('a', text)}", {"text": "a" * 2_000}),
        ("${text}${text}", {"text": "a" * 600_000}),
        ("${text.split('a')}", {"text": "a" * 20_000}),
        ("${list.contains(list)}", {"list": [[1] * 400] * 400}),
        ("x ${list}", {"list": [[1] * 400] * 400}),
    ],
)
def test_an_evaluation_that_would_cost_too_much_is_stopped(value: Value, source: str, more: dict[str, Any]) -> None:
    with pytest.raises(FeelLimitError):
        value(source, **more)


def test_setting_one_variable_is_an_assignment() -> None:
    found = compile_assignment('${execution.setVariable("phase", n + 1)}')

    assert found is not None
    assert (found.name, found.value.names) == ("phase", {"n"})


@pytest.mark.parametrize(
    "source",
    ["${n}", "x ${execution.setVariable('a', 1)}", "${execution.setVariable(n, 1)}", "${bean.setVariable('a', 1)}"],
)
def test_anything_else_is_no_assignment(source: str) -> None:
    assert compile_assignment(source) is None


def test_what_an_assignment_cannot_compute_is_refused() -> None:
    with pytest.raises(FeelSyntaxError, match=r"bean\.find"):
        compile_assignment("${execution.setVariable('a', bean.find())}")
