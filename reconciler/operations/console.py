"""Expressions of the language, answered from the stack's files and its state alone."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reconciler import codes
from reconciler.address import Address
from reconciler.config.outline import outline
from reconciler.config.scanner import ExpressionSyntaxError, Inner, scan
from reconciler.config.uses import PLAIN_ROOTS
from reconciler.config.walking import NoSuchStep
from reconciler.diagnostics import Diagnostic
from reconciler.errors import DiagnosedError, Refused
from reconciler.operations.workspace import Workspace
from reconciler.plan.evaluate import evaluate
from reconciler.plan.targets import which_is_meant
from reconciler.state.model import StateObject
from reconciler.values import Sensitive, Unknown, Value

_ROOTS = tuple(root for root in PLAIN_ROOTS if root != "each")  # there is no turn of a for_each here
_ADVICE = (
    f"names begin with {', '.join(_ROOTS)}, data or a resource type; the rest is Jinja's grammar: "
    "docs/language.md has examples"
)


class Console:
    """Answers one expression after the other. It reads the state once, and asks no service."""

    def __init__(self, workspace: Workspace) -> None:
        self._stack = workspace.stack
        self._types = workspace.registry
        self._sealer = workspace.ledger.sealer
        self._objects: Mapping[Address, StateObject] = workspace.ledger.objects()
        self._local_names = outline(workspace.setting.directory).locals

    def answer(self, text: str) -> Value:
        """The value of an expression, which may be written without ``${`` and ``}`` around it.

        What only a service can tell is Unknown; what must not be shown is Sensitive. Raises DiagnosedError
        for an expression that has no value.
        """
        try:
            template = self._stack.expression(_written(text.strip()))
            return self._hidden(evaluate(template, self._scope))
        except DiagnosedError as error:
            raise Refused(map(_without_place, error.diagnostics)) from None

    def names(self, begun: str) -> list[str]:
        """What a name that is being typed may become."""
        if "." not in begun:
            types = {one.type for one in self._known() if not one.is_data}
            known = {*_ROOTS, "data", *types}
        else:
            known = {f"var.{name}" for name in self._stack.variables}
            known |= {f"local.{name}" for name in self._local_names}
            for address in self._known():
                known.add(str(address))
                if begun.startswith(f"{address}."):
                    known |= {f"{address}.{name}" for name in self._attributes(address)}
        return sorted(name for name in known if name.startswith(begun))

    def _hidden(self, value: Value) -> Value:
        """What shows a known secret marked Sensitive: whoever typed it may have copied it from elsewhere."""
        if isinstance(value, dict):
            if any(map(self._sealer.shows_secret, value)):
                return Sensitive(value)
            return {name: self._hidden(part) for name, part in value.items()}
        if isinstance(value, list):
            return [self._hidden(part) for part in value]
        return self._sealer.hide(value)

    def _known(self) -> Iterable[Address]:
        declared = {**self._stack.resources, **self._stack.data}
        return (address for address in {**declared, **self._objects} if not address.module)

    def _attributes(self, address: Address) -> Iterable[str]:
        types = self._types
        found = types.data_type(address.type) if address.is_data else types.type(address.type)
        return found.attributes if found is not None else ()

    def _scope(self, address: Address) -> Mapping[str, Value] | Unknown:
        recorded = self._objects.get(address)
        if recorded is not None:
            opened: Mapping[str, Value] = self._sealer.open(dict(recorded.attributes))
            return opened
        if address in self._stack.resources or address in self._stack.data:
            return Unknown(str(address))
        known = {*self._stack.resources, *self._stack.data, *self._objects}
        raise NoSuchStep(f"there is no {address}", which_is_meant(address, known))


def _written(text: str) -> str:
    """The text as it would stand in a file; raises Refused for what is no single expression."""
    if "${" in text:
        return text
    written = f"${{{text}}}"
    try:
        parts = scan(written)
    except ExpressionSyntaxError as error:
        if "}" in text or "'}'" not in str(error):
            raise _refused(str(error), error.advice) from None
        raise _refused("a bracket of the expression is not closed", "close it with ) or ]") from None
    if len(parts) != 1 or not isinstance(parts[0], Inner):
        raise _refused("the expression's brackets do not match at '}'", "remove it, or open it with {")
    return written


def _refused(summary: str, advice: str) -> Refused:
    return Refused([Diagnostic(summary, advice or _ADVICE, code=codes.EXPRESSION)])


def _without_place(found: Diagnostic) -> Diagnostic:
    """What is wrong with what was typed just now, which needs no file and line."""
    return replace(found, place=None, advice=found.advice or _ADVICE)
