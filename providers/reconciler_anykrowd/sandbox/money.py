"""Amounts of money: exact decimals inside, text with two decimals outside.

Source: the schemas of the requests (``amount`` is a number) and of ``Wallet`` and ``Transaction`` (balances
and amounts are text). How many decimals there are is not documented; two, here.
"""

from decimal import Decimal

_CENT = Decimal("0.01")
_MOST = Decimal("99999999.99")


def amount_of(value: object) -> Decimal:
    """A JSON number as an amount; raises ``ValueError`` with what is wrong with it.

    The numbers of a request are parsed as decimals; a float comes from a seed file and means what it prints.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise ValueError("must be a number")
    amount = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    if not amount.is_finite() or not 0 < amount <= _MOST:
        raise ValueError(f"must be more than 0 and at most {_MOST}")
    if amount != amount.quantize(_CENT):
        raise ValueError("must have at most 2 decimals")
    return amount.quantize(_CENT)


def text_of(amount: Decimal) -> str:
    """An amount as anyKrowd writes it: ``12.50``."""
    return str(amount.quantize(_CENT))
