"""`+ - * / **` over the kinds of values (DMN 1.5, tables 55 to 58).

Each function answers None where the standard knows no result; the caller words the warning.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from engine.feel import far, temporal
from engine.feel.far import Date, Length, Moment
from engine.feel.values import NUMBERS, Kind, Value, YearsMonths, kind_of, to_number, truncated

_Table = dict[tuple[Kind, Kind], Callable[..., Value]]


def _number_sum(left: Decimal, right: Decimal) -> Decimal:
    return NUMBERS.add(to_number(left), to_number(right))


def _number_difference(left: Decimal, right: Decimal) -> Decimal:
    return NUMBERS.subtract(to_number(left), to_number(right))


def _number_product(left: Decimal, right: Decimal) -> Decimal:
    return NUMBERS.multiply(to_number(left), to_number(right))


def _number_quotient(left: Decimal, right: Decimal) -> Decimal:
    return NUMBERS.divide(to_number(left), to_number(right))


def power(left: Decimal, right: Decimal) -> Decimal:
    """`left ** right`; 1 for 0 ** 0. Raises ArithmeticError, also for 0 to a negative power, which decimal calls infinite."""
    if not right:
        return Decimal(1)
    result = NUMBERS.power(to_number(left), to_number(right))
    if not result.is_finite():
        raise ArithmeticError("no such power")
    return result


def _months_times(length: YearsMonths, factor: Decimal) -> YearsMonths:
    product = NUMBERS.multiply(Decimal(length.months), to_number(factor))
    return YearsMonths(truncated(product))


def _months_over(length: YearsMonths, divisor: Decimal) -> YearsMonths:
    quotient = NUMBERS.divide(Decimal(length.months), to_number(divisor))
    return YearsMonths(truncated(quotient))


def _days_times(length: Length, factor: Decimal) -> Length:
    return temporal.of_seconds(NUMBERS.multiply(temporal.seconds_of(length), to_number(factor)))


def _days_over(length: Length, divisor: Decimal) -> Length:
    return temporal.of_seconds(NUMBERS.divide(temporal.seconds_of(length), to_number(divisor)))


def _swapped(operation: Callable[..., Value]) -> Callable[..., Value]:
    return lambda left, right: operation(right, left)


def _text_sum(left: str, right: str) -> str:
    return left + right


def _months_sum(left: YearsMonths, right: YearsMonths) -> YearsMonths:
    return YearsMonths(left.months + right.months)


def _days_sum(left: Length, right: Length) -> Length:
    return far.length_of(far.nanoseconds(left) + far.nanoseconds(right))


def _days_difference(left: Length, right: Length) -> Length:
    return far.length_of(far.nanoseconds(left) - far.nanoseconds(right))


def _add_months(day: Date | Moment, length: YearsMonths) -> Date | Moment:
    return temporal.add_months_far(day, length.months)


_SUMS: _Table = {
    (Kind.NUMBER, Kind.NUMBER): _number_sum,
    (Kind.STRING, Kind.STRING): _text_sum,
    (Kind.DAYS, Kind.DAYS): _days_sum,
    (Kind.MONTHS, Kind.MONTHS): _months_sum,
    (Kind.DATE, Kind.DAYS): temporal.add_to_date,
    (Kind.DATE, Kind.MONTHS): _add_months,
    (Kind.DATE_TIME, Kind.DAYS): temporal.add_length,
    (Kind.DATE_TIME, Kind.MONTHS): _add_months,
    (Kind.TIME, Kind.DAYS): temporal.add_to_time,
}
_SUMS |= {(right, left): _swapped(call) for (left, right), call in _SUMS.items() if left is not right}

_DIFFERENCES: _Table = {
    (Kind.NUMBER, Kind.NUMBER): _number_difference,
    (Kind.DAYS, Kind.DAYS): _days_difference,
    (Kind.MONTHS, Kind.MONTHS): lambda left, right: YearsMonths(left.months - right.months),
    (Kind.DATE, Kind.DATE): temporal.between_moments,
    (Kind.DATE_TIME, Kind.DATE_TIME): temporal.between_moments,
    (Kind.DATE, Kind.DATE_TIME): temporal.between_moments,
    (Kind.DATE_TIME, Kind.DATE): temporal.between_moments,
    (Kind.TIME, Kind.TIME): temporal.between_times,
    (Kind.DATE, Kind.DAYS): lambda day, length: temporal.add_to_date(day, temporal.negated(length)),
    (Kind.DATE, Kind.MONTHS): lambda day, length: temporal.add_months_far(day, -length.months),
    (Kind.DATE_TIME, Kind.DAYS): lambda moment, length: temporal.add_length(moment, temporal.negated(length)),
    (Kind.DATE_TIME, Kind.MONTHS): lambda moment, length: temporal.add_months_far(moment, -length.months),
    (Kind.TIME, Kind.DAYS): lambda clock, length: temporal.add_to_time(clock, temporal.negated(length)),
}

_PRODUCTS: _Table = {
    (Kind.NUMBER, Kind.NUMBER): _number_product,
    (Kind.DAYS, Kind.NUMBER): _days_times,
    (Kind.MONTHS, Kind.NUMBER): _months_times,
    (Kind.NUMBER, Kind.DAYS): _swapped(_days_times),
    (Kind.NUMBER, Kind.MONTHS): _swapped(_months_times),
}

_QUOTIENTS: _Table = {
    (Kind.NUMBER, Kind.NUMBER): _number_quotient,
    (Kind.DAYS, Kind.NUMBER): _days_over,
    (Kind.MONTHS, Kind.NUMBER): _months_over,
    (Kind.DAYS, Kind.DAYS): lambda left, right: NUMBERS.divide(temporal.seconds_of(left), temporal.seconds_of(right)),
    (Kind.MONTHS, Kind.MONTHS): lambda left, right: NUMBERS.divide(Decimal(left.months), Decimal(right.months)),
}

_POWERS: _Table = {(Kind.NUMBER, Kind.NUMBER): power}

TABLES: dict[str, _Table] = {"+": _SUMS, "-": _DIFFERENCES, "*": _PRODUCTS, "/": _QUOTIENTS, "**": _POWERS}


def calculate(operator: str, left: Value, right: Value) -> Value:
    """The result of a binary operation, or None: wrong kinds, division by zero, or beyond what a kind can hold."""
    operation = TABLES[operator].get((kind_of(left), kind_of(right)))
    if operation is None:
        return None
    try:
        return operation(left, right)
    except (ArithmeticError, ValueError):  # decimal's signals, years and lengths beyond the standard's
        return None


def is_defined(operator: str, left: Value, right: Value) -> bool:
    """Whether the standard defines `operator` for these kinds."""
    return (kind_of(left), kind_of(right)) in TABLES[operator]


def negate(value: Value) -> Value:
    """`-value` for numbers and durations, else None."""
    match kind_of(value):
        case Kind.NUMBER:
            return NUMBERS.minus(to_number(value))  # type: ignore[arg-type]  # the kind says number
        case Kind.DAYS:
            return temporal.negated(value)  # type: ignore[arg-type]  # the kind says a length
        case Kind.MONTHS:
            return YearsMonths(-value.months)  # type: ignore[attr-defined]  # the kind says YearsMonths
        case _:
            return None
