"""The provider that is always there, ``reconciler``: values that live in state alone."""

from reconciler.builtin.provider import BuiltinProvider

__all__ = ["BuiltinProvider"]
