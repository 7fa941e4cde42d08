"""The files of a stack: read, checked, and made into a ``Stack``."""

from reconciler.config.attributes import check
from reconciler.config.load import DEFAULT_ENVIRONMENT, load
from reconciler.config.owners import owners

__all__ = ["DEFAULT_ENVIRONMENT", "check", "load", "owners"]
