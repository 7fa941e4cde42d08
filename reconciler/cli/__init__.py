"""The command line: arguments become an operation, and what it returns is handed to a view.

What this package imports at once is click alone, so that ``--help`` and ``version`` answer immediately;
each command loads what it needs when it is called.
"""

from reconciler.cli.door import main

__all__ = ["main"]
