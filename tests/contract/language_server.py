"""A client of yaml-language-server, as an editor is one: JSON-RPC over its standard input and output.

Source: microsoft.github.io/language-server-protocol (3.17).
"""

import json
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tests.contract.node_clients import NODE_TESTS, node_with

PACKAGE = "yaml-language-server"
_PATIENCE = 60.0
"""Seconds after which a server that says nothing is ended, so that a test fails instead of waiting."""


@dataclass(frozen=True)
class Problem:
    """What the server finds wrong, and in which line, counted from 1."""

    line: int
    message: str


class LanguageServer:
    """One running server."""

    def __init__(self, process: subprocess.Popen[bytes], settings: Mapping[str, Any]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._input: IO[bytes] = process.stdin
        self._output: IO[bytes] = process.stdout
        self._settings = settings
        self._last = 0
        self._problems: dict[str, list[Problem]] = {}

    def initialize(self) -> None:
        """Say what the client can do, and what the settings are."""
        capabilities = {
            "workspace": {"configuration": True, "didChangeConfiguration": {"dynamicRegistration": True}},
            "textDocument": {
                "completion": {"completionItem": {"snippetSupport": True}},
                "hover": {"contentFormat": ["markdown"]},
                "publishDiagnostics": {},
            },
        }
        self._ask("initialize", {"processId": None, "rootUri": None, "capabilities": capabilities})
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": self._settings})

    def open(self, file: Path, text: str) -> list[Problem]:
        """Open a file with this text in an editor; gives what is wrong with it."""
        uri = file.as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        while uri not in self._problems:
            self._take(self._read())
        return self._problems.pop(uri)

    def completion(self, file: Path, line: int, column: int) -> dict[str, dict[str, Any]]:
        """What is offered at a place, counted from 0, by label."""
        answer = self._ask("textDocument/completion", _at(file, line, column))
        return {item["label"]: item for item in answer["items"]}

    def hover(self, file: Path, line: int, column: int) -> str:
        """What is told about what is at a place, counted from 0."""
        answer = self._ask("textDocument/hover", _at(file, line, column))
        return str(answer["contents"]["value"]) if answer else ""

    def _ask(self, method: str, parameters: Mapping[str, Any]) -> Any:
        self._last += 1
        self._write({"id": self._last, "method": method, "params": parameters})
        while True:
            message = self._read()
            if message.get("id") == self._last and "method" not in message:
                assert "error" not in message, message
                return message["result"]
            self._take(message)

    def _tell(self, method: str, parameters: Mapping[str, Any]) -> None:
        self._write({"method": method, "params": parameters})

    def _take(self, message: Mapping[str, Any]) -> None:
        """Something that the server says or asks of its own accord."""
        if message.get("method") == "textDocument/publishDiagnostics":
            found = message["params"]["diagnostics"]
            self._problems[message["params"]["uri"]] = [
                Problem(one["range"]["start"]["line"] + 1, one["message"]) for one in found
            ]
        elif message.get("method") == "workspace/configuration":
            asked = [item.get("section") for item in message["params"]["items"]]
            result = [self._settings.get(section, {}) for section in asked]
            self._write({"id": message["id"], "result": result})
        elif "id" in message and "method" in message:
            self._write({"id": message["id"], "result": None})

    def _write(self, message: Mapping[str, Any]) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._input.write(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
        self._input.flush()

    def _read(self) -> dict[str, Any]:
        length = 0
        while line := self._output.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        assert length, "the server ended, or said nothing for too long"
        message: dict[str, Any] = json.loads(self._output.read(length))
        return message


def _at(file: Path, line: int, column: int) -> dict[str, Any]:
    return {"textDocument": {"uri": file.as_uri()}, "position": {"line": line, "character": column}}


@contextmanager
def language_server(schemas: Mapping[str, list[str]]) -> Iterator[LanguageServer]:
    """A server, while the block lasts; ``schemas`` are the files that each schema, by its URI, is for."""
    settings = {
        "yaml": {
            "schemas": schemas,
            "validate": True,
            "hover": True,
            "completion": True,
            "schemaStore": {"enable": False},
        }
    }
    process = subprocess.Popen(
        [node_with(PACKAGE), str(NODE_TESTS / "node_modules" / PACKAGE / "bin" / PACKAGE), "--stdio"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    patience = threading.Timer(_PATIENCE, process.kill)
    patience.start()
    try:
        server = LanguageServer(process, settings)
        server.initialize()
        yield server
    finally:
        patience.cancel()
        process.kill()
        process.communicate()
