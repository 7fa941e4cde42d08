"""Every request that the provider makes is one that Slack documents, and every error it names is known."""

import json
import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import httpx

from reconciler_slack.faults import FAULTS, METHOD_FAULTS
from reconciler_slack.health import SCOPES

METHOD = re.compile(r'"((?:auth|bookmarks|conversations|usergroups|users)\.[A-Za-z.]+)"')
ONLY_TOLD = {"invalid_arguments", "invalid_json", "json_not_object", "no_such_subteam", "subteam_not_found"}
"""Codes that Slack answers, and documents elsewhere than in the tables of the methods used."""


def methods_in_source() -> set[str]:
    """All methods that the provider's code names."""
    folder = resources.files("reconciler_slack")
    found: set[str] = set()
    for part in (folder, folder.joinpath("resources")):
        for file in part.iterdir():
            if file.name.endswith(".py"):
                found |= set(METHOD.findall(file.read_text("utf-8")))
    return found


def method_of(request: httpx.Request) -> str:
    return request.url.path.rpartition("/")[2]


def fits(value: Any, description: Mapping[str, Any]) -> bool:
    """Whether an argument is of the documented type; lists may travel as text with commas."""
    kinds: dict[str, tuple[type, ...]] = {
        "string": (str,),
        "array": (str,),
        "boolean": (bool,),
        "number": (int,),
    }
    allowed = kinds.get(description.get("type", ""), (str, bool, int))
    is_short = not isinstance(value, str) or len(value) <= description.get("maxLength", len(value))
    return isinstance(value, allowed) and is_short


def test_the_tour_reaches_every_method_that_the_provider_knows(toured: list[httpx.Request]) -> None:
    assert {method_of(request) for request in toured} == methods_in_source()
    assert len(methods_in_source()) == 26


def test_every_request_travels_as_its_method_documents(
    toured: list[httpx.Request], documented_methods: dict[str, Any]
) -> None:
    for request in toured:
        method = method_of(request)
        described = documented_methods[method]
        assert request.method == described["http_method"], method
        if request.method == "GET":
            assert request.content == b"", method
        else:
            assert described["json_input"] is True, method
            assert request.headers["content-type"] == "application/json; charset=utf-8"


def test_every_argument_is_documented_and_every_required_one_is_given(
    toured: list[httpx.Request], documented_methods: dict[str, Any]
) -> None:
    for request in toured:
        method = method_of(request)
        described = documented_methods[method]
        query = dict(request.url.params)
        given: dict[str, Any] = json.loads(request.content) if request.content else query
        assert set(given) <= set(described["args"]), method
        assert set(described["required"]) <= set(given), method
        for name, description in described["args"].items():
            if description.get("required_for_public"):
                assert name in given, (method, name)
            if name in given and request.content:
                assert fits(given[name], description), (method, name, given[name])
            elif name in given and description.get("type") == "boolean":
                assert given[name] in ("true", "false"), (method, name)
            elif name in given and description.get("type") == "number":
                assert given[name].isdigit(), (method, name)


def test_no_request_has_a_token_outside_its_header(toured: list[httpx.Request]) -> None:
    for request in toured:
        assert request.headers["authorization"].startswith("Bearer xox")
        assert "xox" not in str(request.url)
        assert b"xox" not in request.content


def test_the_scopes_that_health_asks_for_are_enough_for_every_method(
    documented_methods: dict[str, Any],
) -> None:
    for method in methods_in_source():
        alternatives = set(documented_methods[method]["scope"].get("bot", ()))
        if not alternatives:
            continue
        enough = alternatives & set(SCOPES)
        assert enough, method
        if {"groups:read", "groups:write"} & alternatives:
            assert enough & {"groups:read", "groups:write"}, f"{method}: private channels"
            assert enough & {"channels:read", "channels:manage"}, f"{method}: public channels"


def test_no_scope_is_asked_for_that_no_method_needs(documented_methods: dict[str, Any]) -> None:
    of_methods = {
        scope for name in methods_in_source() for scope in documented_methods[name]["scope"].get("bot", ())
    }
    assert set(SCOPES) <= of_methods


def test_every_documented_error_has_a_kind_and_a_remedy(
    slack_data: Path, documented_methods: dict[str, Any]
) -> None:
    common = json.loads((slack_data / "api-ref" / "_common-errors.json").read_text("utf-8"))["errors"]
    documented = set(common)
    for method in methods_in_source():
        documented |= set(documented_methods[method]["errors"])
        page = json.loads((slack_data / "api-ref" / f"{method}.json").read_text("utf-8"))
        documented |= set(page["errors"])
    assert documented - set(FAULTS) == set()
    assert set(FAULTS) - documented == ONLY_TOLD
    for code, fault in FAULTS.items():
        assert len(fault.remedy) > 10, code


def test_what_a_code_means_for_one_method_is_documented_there(documented_methods: dict[str, Any]) -> None:
    for method, code in METHOD_FAULTS:
        assert code in documented_methods[method]["errors"], (method, code)
