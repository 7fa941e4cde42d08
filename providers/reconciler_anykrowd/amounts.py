"""Amounts of money: the API takes numbers and tells text (``"12.50"``) or numbers."""

from decimal import Decimal, InvalidOperation

_DECIMALS = -2


def number(told: object) -> int | float:
    """What the API told as a number; whole ones without a point. Raises ValueError for anything else."""
    value = _decimal(told)
    return int(value) if value == value.to_integral_value() else float(value)


def is_same(asked: object, told: object) -> bool:
    """Whether an amount asked for is the one told.

    Should the service keep fewer decimals than were asked for, it is still the same: taking another for ours
    costs less than paying twice.
    """
    wanted, there = _decimal(asked), _decimal(told)
    exponent = there.as_tuple().exponent
    step = Decimal(1).scaleb(min(exponent, _DECIMALS) if isinstance(exponent, int) else _DECIMALS)
    return abs(wanted - there) < step


def _decimal(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"{value!r} is no amount")
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"{value!r} is no amount") from None
    if not found.is_finite():
        raise ValueError(f"{value!r} is no amount")
    return found
