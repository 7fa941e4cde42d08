"""Times on the command line: ``500ms``, ``30s``, ``2m``, ``1h``."""

import click

from reconciler.operations.outages import seconds_of


class Duration(click.ParamType[float]):
    """Becomes a number of seconds."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> float:
        """The seconds; wrong usage for anything that is no time."""
        if isinstance(value, int | float):
            return float(value)
        seconds = seconds_of(str(value))
        if seconds is None:
            self.fail(f"{value!r} is no time; write 500ms, 30s, 2m or 1h.", param, context)
        return seconds
