"""What is below ``/_sandbox/``: for whoever tests against the sandbox, and never hit by an outage."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Protocol
from wsgiref.types import WSGIEnvironment

from reconciler.sandbox.outages import MODES, Outages, Seen, outage

LONGEST_LATENCY_MS = 60_000
LONGEST_OUTAGE_S = 7 * 24 * 3600

_CONTROLS = (
    "GET /_sandbox/requests",
    "POST /_sandbox/reset",
    "POST /_sandbox/latency",
    "GET /_sandbox/outages",
    "POST /_sandbox/outages",
    "DELETE /_sandbox/outages",
)
_OUTAGE = {"service", "mode", "at", "for", "rate", "seed"}


class Controlled(Protocol):
    """What the controls work on: a host."""

    outages: Outages
    latency_ms: float

    @property
    def emulators(self) -> Mapping[str, Any]:
        """The services, by name."""
        ...

    def requests(self) -> dict[str, dict[str, int]]:
        """The counts."""
        ...

    def reset(self) -> None:
        """Begin anew."""
        ...


def control(host: Controlled, method: str, path: str, environ: WSGIEnvironment) -> tuple[str, Any]:
    """Do what a request asks for; gives the answer's status line and its document."""
    match (method, path):
        case ("GET", "/_sandbox/requests"):
            return "200 OK", host.requests()
        case ("POST", "/_sandbox/reset"):
            host.reset()
            return "200 OK", {"reset": True}
        case ("POST", "/_sandbox/latency"):
            milliseconds = _number(_document(environ).get("ms"), LONGEST_LATENCY_MS)
            if milliseconds is None:
                return _wrong(f'{{"ms": a number from 0 to {LONGEST_LATENCY_MS}}}')
            host.latency_ms = milliseconds
            return "200 OK", {"ms": milliseconds}
        case ("GET", "/_sandbox/outages"):
            return "200 OK", listed(host.outages)
        case ("POST", "/_sandbox/outages"):
            return _begin(host, _document(environ))
        case ("DELETE", "/_sandbox/outages"):
            return "200 OK", {"ended": host.outages.end()}
        case _:
            services = [f"/{name}/" for name in host.emulators]
            return "404 Not Found", {
                "message": "nothing is here",
                "services": services,
                "control": list(_CONTROLS),
            }


def listed(outages: Outages) -> list[dict[str, Any]]:
    """What is set, as it is shown; times are seconds from now, negative for those that are past."""
    now = outages.now()
    return [_shown(seen, now) for seen in outages.all()]


def _shown(seen: Seen, now: float) -> dict[str, Any]:
    found = seen.outage
    is_over = found.ends is not None and found.ends <= now
    return {
        **{name: value for name, value in asdict(found).items() if name not in ("begins", "ends")},
        "begins_in": round(found.begins - now, 3),
        "ends_in": None if found.ends is None else round(found.ends - now, 3),
        "is": "over" if is_over else "to come" if found.begins > now else "on",
        "calls": seen.calls,
        "hit": seen.hit,
    }


def _begin(host: Controlled, document: Mapping[str, Any]) -> tuple[str, Any]:
    at = _number(document.get("at", 0), LONGEST_OUTAGE_S)
    lasts = _number(document["for"], LONGEST_OUTAGE_S) if "for" in document else None
    rate = _number(document["rate"], 1) if "rate" in document else None
    seed = document.get("seed", 0)
    is_right = (
        not set(document) - _OUTAGE
        and document.get("service") in host.emulators
        and document.get("mode") in MODES
        and at is not None
        and ("for" not in document or lasts)
        and ("rate" not in document or rate is not None)
        and isinstance(seed, int)
    )
    if not is_right or at is None:
        return _wrong(
            f'{{"service": one of {", ".join(host.emulators)}, "mode": one of {", ".join(MODES)}, '
            f'"at" and "for": seconds, "rate": from 0 to 1, "seed": a whole number}}'
        )
    begins = host.outages.now() + at
    host.outages.set(
        [outage(document["service"], document["mode"], begins=begins, lasts=lasts, rate=rate, seed=seed)]
    )
    return "200 OK", listed(host.outages)


def _wrong(expected: str) -> tuple[str, Any]:
    return "400 Bad Request", {"message": f"expected {expected}"}


def _document(environ: WSGIEnvironment) -> Mapping[str, Any]:
    try:
        document = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _number(value: object, most: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value if 0 <= value <= most else None
