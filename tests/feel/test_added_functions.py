"""Functions that a caller adds, as the layer of law adds working days."""

from datetime import date, timedelta
from decimal import Decimal

from engine.feel import Builtin, FunctionFailed, Run, WarningCode, compile_expression
from tests.feel.moment import NOW


def _add_days(run: Run, day: date, days: Decimal) -> date:
    holidays = run.environment
    assert isinstance(holidays, frozenset)
    for _ in range(int(days)):
        day += timedelta(days=1)
        while day in holidays:
            day += timedelta(days=1)
    return day


FUNCTIONS = {"add workdays": Builtin(("date: date", "days: number"), _add_days, needs_environment=True)}


def test_an_added_function_reads_the_environment_of_the_evaluation() -> None:
    expression = compile_expression("add workdays(today(), 1)", functions=FUNCTIONS)

    result = expression.evaluate({}, now=NOW, environment=frozenset({date(2026, 11, 23)}))

    assert result.value == date(2026, 11, 24)


def test_without_an_environment_there_is_no_answer_but_a_warning() -> None:
    result = compile_expression("add workdays(today(), 1)", functions=FUNCTIONS).evaluate({}, now=NOW)

    assert (result.value, result.warnings[0].code) == (None, WarningCode.NO_RESULT)


def test_its_arguments_are_checked_like_those_of_built_in_functions() -> None:
    expression = compile_expression('add workdays("2026-01-01", 1)', functions=FUNCTIONS)

    result = expression.evaluate({}, now=NOW, environment=frozenset())

    assert (result.value, result.warnings[0].code) == (None, WarningCode.WRONG_ARGUMENTS)


def test_its_failure_becomes_null_with_the_reason() -> None:
    def fail(_run: Run) -> None:
        raise FunctionFailed("没有日历", "there is no calendar")

    result = compile_expression("calendar()", functions={"calendar": Builtin((), fail)}).evaluate({}, now=NOW)

    assert (result.value, result.warnings[0].text_zh) == (None, "函数“calendar”：没有日历")


def test_it_is_no_variable() -> None:
    assert compile_expression("add workdays(d, 1)", functions=FUNCTIONS).names == {"d"}


def test_overloads_are_tried_in_order() -> None:
    twice = (
        Builtin(("n: number",), lambda _run, n: n * 2),
        Builtin(("s: string",), lambda _run, s: s + s),
    )
    expression = compile_expression('[twice(2), twice("a")]', functions={"twice": twice})

    assert expression.evaluate({}, now=NOW).value == [4, "aa"]
