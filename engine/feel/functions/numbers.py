"""Numeric functions (DMN 1.5, table 77; Camunda `random number`)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from engine.feel import far
from engine.feel.errors import FunctionFailed
from engine.feel.far import Length, LongLength
from engine.feel.functions.registry import FunctionTable
from engine.feel.limits import Run
from engine.feel.values import NUMBERS, YearsMonths, to_number, truncated

FUNCTIONS = FunctionTable()
_MIN_SCALE, _MAX_SCALE = -6111, 6176
_RANDOM_DIGITS = 16


def rounded(number: Decimal, scale: Decimal, mode: str) -> Decimal:
    """`number` with `scale` digits after the point; a negative scale rounds to tens, hundreds and so on."""
    number, scale = to_number(number), to_number(scale)
    places = truncated(scale)
    if not _MIN_SCALE <= places <= _MAX_SCALE:
        raise FunctionFailed("小数位数超出范围", "the scale is out of range")
    if number == number.scaleb(places).to_integral_value().scaleb(-places):
        return number
    # Rounding happens in a context wide enough for every digit: quantize refuses results beyond 34 digits.
    digits = max(1, number.adjusted() + places + 2)
    shifted = number.scaleb(places).to_integral_value(mode) if digits > 0 else Decimal(0)
    return NUMBERS.plus(shifted.scaleb(-places))


@FUNCTIONS.add("decimal", "n: number", "scale: number")
def decimal(_run: Run, n: Decimal, scale: Decimal) -> Decimal:
    return rounded(n, scale, ROUND_HALF_EVEN)


@FUNCTIONS.add("floor", "n: number", "[scale: number]")
def floor(_run: Run, n: Decimal, scale: Decimal | None = None) -> Decimal:
    return rounded(n, scale or Decimal(0), ROUND_FLOOR)


@FUNCTIONS.add("ceiling", "n: number", "[scale: number]")
def ceiling(_run: Run, n: Decimal, scale: Decimal | None = None) -> Decimal:
    return rounded(n, scale or Decimal(0), ROUND_CEILING)


@FUNCTIONS.add("round up", "n: number", "[scale: number]")
def round_up(_run: Run, n: Decimal, scale: Decimal | None = None) -> Decimal:
    return rounded(n, scale or Decimal(0), ROUND_UP)


@FUNCTIONS.add("round down", "n: number", "[scale: number]")
def round_down(_run: Run, n: Decimal, scale: Decimal | None = None) -> Decimal:
    return rounded(n, scale or Decimal(0), ROUND_DOWN)


@FUNCTIONS.add("round half up", "n: number", "[scale: number]")
def round_half_up(_run: Run, n: Decimal, scale: Decimal | None = None) -> Decimal:
    return rounded(n, scale or Decimal(0), ROUND_HALF_UP)


@FUNCTIONS.add("round half down", "n: number", "[scale: number]")
def round_half_down(_run: Run, n: Decimal, scale: Decimal | None = None) -> Decimal:
    return rounded(n, scale or Decimal(0), ROUND_HALF_DOWN)


@FUNCTIONS.add("abs", "n: number | duration")
def absolute(_run: Run, n: Decimal | Length | YearsMonths) -> Decimal | Length | YearsMonths:
    if isinstance(n, YearsMonths):
        return YearsMonths(abs(n.months))
    if isinstance(n, timedelta | LongLength):
        return far.length_of(abs(far.nanoseconds(n)))
    return NUMBERS.abs(to_number(n))


@FUNCTIONS.add("modulo", "dividend: number", "divisor: number")
def modulo(_run: Run, dividend: Decimal, divisor: Decimal) -> Decimal:
    """The remainder takes the sign of the divisor."""
    if not divisor:
        raise FunctionFailed("除数为 0", "the divisor is 0")
    dividend, divisor = to_number(dividend), to_number(divisor)
    quotient = NUMBERS.divide(dividend, divisor).to_integral_value(ROUND_FLOOR)
    return NUMBERS.subtract(dividend, NUMBERS.multiply(divisor, quotient))


@FUNCTIONS.add("sqrt", "number: number")
def sqrt(_run: Run, number: Decimal) -> Decimal:
    if number < 0:
        raise FunctionFailed("负数没有平方根", "a negative number has no square root")
    return NUMBERS.sqrt(to_number(number))


@FUNCTIONS.add("log", "number: number")
def log(_run: Run, number: Decimal) -> Decimal:
    if number <= 0:
        raise FunctionFailed("对数的参数必须大于 0", "a logarithm needs a positive number")
    return NUMBERS.ln(to_number(number))


@FUNCTIONS.add("exp", "number: number")
def exp(_run: Run, number: Decimal) -> Decimal:
    return NUMBERS.exp(to_number(number))


@FUNCTIONS.add("odd", "number: number")
def odd(_run: Run, number: Decimal) -> bool:
    return abs(to_number(number)) % 2 == 1


@FUNCTIONS.add("even", "number: number")
def even(_run: Run, number: Decimal) -> bool:
    return abs(to_number(number)) % 2 == 0


@FUNCTIONS.add("random number")
def random_number(_run: Run) -> Decimal:
    """At least 0 and less than 1."""
    return Decimal(secrets.randbelow(10**_RANDOM_DIGITS)).scaleb(-_RANDOM_DIGITS)
