"""What ``import --all`` and ``import --tfstate`` found, for people."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from reconciler.adoption.found import Generated
from reconciler.errors import ProviderError
from reconciler.views.line import Line, line, wrapped
from reconciler.views.plan_summary import number

_MOST = 20


def adoption_lines(
    generated: Generated,
    *,
    file: str | None,
    unlisted: Mapping[str, str],
    failed: Mapping[str, ProviderError],
    skipped: Iterable[tuple[str, str]],
    notes: Iterable[tuple[str, str]],
    width: int = 100,
) -> Iterator[Line]:
    """What is in the file, what is not and why, and what is to be done now."""
    where = f" in {file}" if file else ""
    found = number(len(generated.imports), "object")
    yield line(f"{found} as {number(len(generated.resources), 'resource')}{where}.", "title")
    counts = Counter(one.type.name for one in generated.resources for _ in one.members)
    for name, count in sorted(counts.items()):
        yield line(f"  {count:>6,}  {name}")
    yield from _listed("Left out:", ((str(one), one.reason) for one in generated.left_out), width)
    yield from _listed("Without a counterpart here:", skipped, width)
    yield from _listed("To be looked at:", notes, width)
    yield from _listed("Not listed, since it cannot be:", unlisted.items(), width)
    yield from _listed(
        "Could not be listed:",
        ((name, f"{error.cause}; {error.remedy}") for name, error in failed.items()),
        width,
    )
    yield from _listed(
        "Secrets to be set, in the environment or in .env:",
        ((one.name, f"{one.attribute} of {one.address}") for one in generated.to_fill),
        width,
    )
    if file and generated.imports:
        yield from _paragraph(
            f"Nothing is adopted yet. Let the stack include {file}, look at `reconciler plan`, and let "
            "`reconciler apply` adopt what it says.",
            width,
        )


def _listed(heading: str, entries: Iterable[tuple[str, str]], width: int) -> Iterator[Line]:
    known = list(entries)
    if not known:
        return
    yield line("")
    yield line(heading, "title")
    for name, reason in known[:_MOST]:
        for number_of, row in enumerate(wrapped(f"{name}: {reason}", width - 4)):
            yield line(f"  {'  ' if number_of else ''}{row}")
    if len(known) > _MOST:
        yield line(f"  and {len(known) - _MOST:,} more; --json names all of them", "quiet")


def _paragraph(text: str, width: int) -> Iterator[Line]:
    yield line("")
    yield from (line(row) for row in wrapped(text, width))
