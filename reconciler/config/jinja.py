"""Expressions that are more than a plain reference: Jinja2's grammar, filters and tests, in its sandbox.

Only ``expressions`` loads this module, and late: Jinja2 costs more to load than most stacks to read.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from jinja2 import StrictUndefined, TemplateError, Undefined, nodes
from jinja2.environment import TemplateExpression
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from reconciler.config.functions import FILTERS, FUNCTIONS
from reconciler.config.jinja_limits import (
    SAFE_FILTERS,
    SAFE_STRING_METHODS,
    begin_evaluation,
    bounded_operation,
    charge,
)
from reconciler.config.scanner import ExpressionSyntaxError
from reconciler.config.uses import PLAIN_ROOTS, VALUE_ROOTS, Use, use_of
from reconciler.config.walking import UndefinedPartError
from reconciler.diagnostics import did_you_mean
from reconciler.values import Unknown, UnknownValueError, Value

_JINJA_GLOBALS = ("range", "dict")
_GLOBALS = frozenset((*_JINJA_GLOBALS, *FUNCTIONS))
_MAX_TEXT = 1_000_000
_MAY_BE_ABSENT = frozenset({"defined", "undefined", "default", "d"})
_FORGOTTEN_FILTERS = ("attr", "pprint", "random", "urlize", "wordwrap", "xmlattr")
"""Not the same at each run, of no use outside pages, or a way around the sandbox's look at attributes."""


class _Environment(SandboxedEnvironment):
    """Jinja2's sandbox, in which a mapping's keys come before its methods and nothing grows without bound."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=False)
        self.globals = {name: self.globals[name] for name in _JINJA_GLOBALS} | dict(FUNCTIONS)
        for name in _FORGOTTEN_FILTERS:
            del self.filters[name]
        self.filters.update(SAFE_FILTERS)
        self.filters.update(FILTERS)

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping) and attribute in obj:
            return _known(obj[attribute])
        return _known(super().getattr(obj, attribute))

    def getitem(self, obj: Any, argument: Any) -> Any:
        return _known(super().getitem(obj, argument))

    def wrap_str_format(self, value: Any) -> None:
        """No ``str.format``: its widths know no bound."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, str):
            return attr in SAFE_STRING_METHODS
        return super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        return bounded_operation(operator, left, right, super().call_binop, context)


def _known(value: Any) -> Any:
    if isinstance(value, Unknown):
        raise UnknownValueError(value)
    return value


_ENVIRONMENT = _Environment()

_HYPHENATED = re.compile(
    r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'"""  # strings are passed over
    r"""|(?<![\w.])(?P<type>(?:data\.)?[A-Za-z_]\w*)\.(?P<name>[A-Za-z_]\w*(?:-\w+)+)"""
)


class Compiled:
    """One compiled expression: what it uses, and the names that nothing is called by.

    Raises ExpressionSyntaxError.
    """

    def __init__(self, text: str, is_root: Callable[[str], bool]) -> None:
        text = _quote_hyphens(text, is_root)
        try:
            parser = Parser(_ENVIRONMENT, text, state="variable")
            tree = parser.parse_expression()
            if not parser.stream.eos:
                raise ExpressionSyntaxError(
                    f"the expression should end before {str(parser.stream.current)!r}",
                    "an operator or a comma is missing",
                )
            if any(
                isinstance(part.value, float) and not math.isfinite(part.value) for part in _constants(tree)
            ):
                raise ExpressionSyntaxError("a number in the expression is too large", "write a smaller one")
            found = list(_chains(tree, False))
            if any(part.name in FUNCTIONS for part in tree.find_all(nodes.Name)):
                found.append(Use("path", ()))
            self._evaluate = _compiled(tree)
            self.files = tuple(Part(call) for call in tree.find_all(nodes.Call) if _is_of_files(call))
            """The calls of ``file()`` inside it."""
        except TemplateError as error:
            raise _explained(error) from None
        except (RecursionError, MemoryError, SyntaxError):
            raise ExpressionSyntaxError("the expression is nested too deep", "split it with locals") from None
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            if isinstance(error, ExpressionSyntaxError):
                raise
            raise ExpressionSyntaxError(f"the expression cannot be read: {error}") from None
        self.uses: tuple[Use, ...] = tuple(dict.fromkeys(use for use in found if is_root(use.root)))
        self.unknown_roots = tuple(
            dict.fromkeys(use.root for use in found if not is_root(use.root) and use.root not in _GLOBALS)
        )

    def run(self, context: Mapping[str, Value]) -> Value:
        """The value. Raises ValueError saying why there is none, and UnknownValueError."""
        return _run(self._evaluate, context)


class Part:
    """A part of an expression, by itself: what it uses, and its value."""

    def __init__(self, tree: nodes.Expr) -> None:
        found = (use for use in _chains(tree, False) if use.root not in _GLOBALS)
        self.uses: tuple[Use, ...] = (*found, Use("path", ()))
        self._evaluate = _compiled(tree)

    def run(self, context: Mapping[str, Value]) -> Value:
        """As ``Compiled.run``."""
        return _run(self._evaluate, context)


def _is_of_files(call: nodes.Call) -> bool:
    return isinstance(call.node, nodes.Name) and call.node.name in FUNCTIONS


def _run(evaluate: TemplateExpression, context: Mapping[str, Value]) -> Value:
    begin_evaluation()
    try:
        return _plain(evaluate(**context))
    except UnknownValueError:
        raise
    except SecurityError as error:
        raise ValueError(f"it does what an expression may not: {error.message}") from None
    except UndefinedError as error:
        raise UndefinedPartError(error.message or "it needs what is not defined") from None
    except TemplateError as error:
        raise ValueError(error.message or "it cannot be evaluated") from None
    except (ArithmeticError, AttributeError, AssertionError, LookupError, TypeError, ValueError) as error:
        raise ValueError(str(error) or type(error).__name__) from None
    except (RecursionError, MemoryError):
        raise ValueError("it needs too much memory") from None


def _compiled(tree: nodes.Expr) -> TemplateExpression:
    """What ``Environment.compile_expression`` makes, of an expression that has been parsed already."""
    tree.set_environment(_ENVIRONMENT)
    body: list[nodes.Node] = [nodes.Assign(nodes.Name("result", "store"), tree, lineno=1)]
    return TemplateExpression(
        _ENVIRONMENT.from_string(nodes.Template(body, lineno=1)), undefined_to_none=False
    )


def _constants(tree: nodes.Expr) -> Iterator[nodes.Const]:
    if isinstance(tree, nodes.Const):
        yield tree
    yield from tree.find_all(nodes.Const)


def _explained(error: TemplateError) -> ExpressionSyntaxError:
    """What Jinja2 says of an expression's syntax, in words that help."""
    message = (error.message or "").rstrip(".")
    if match := re.fullmatch(r"No (filter|test) named '(.*)'", message):
        known = _ENVIRONMENT.filters if match[1] == "filter" else _ENVIRONMENT.tests
        return ExpressionSyntaxError(f"there is no {match[1]} {match[2]!r}", did_you_mean(match[2], known))
    if "end of template" in message or "end of print statement" in message:
        return ExpressionSyntaxError("the expression ends too early", "something is missing at its end")
    return ExpressionSyntaxError(
        f"the expression cannot be read: {message}", "check its operators and brackets"
    )


def _quote_hyphens(text: str, is_root: Callable[[str], bool]) -> str:
    """``type.my-name.attribute`` as ``type["my-name"].attribute``, which Jinja2 does not take for a minus."""
    out, position = [], 0
    for match in _HYPHENATED.finditer(text):
        root = match["type"]
        if root is None or not (root.startswith("data.") or (root not in PLAIN_ROOTS and is_root(root))):
            continue
        out.append(f'{text[position : match.start()]}{root}["{match["name"]}"]')
        position = match.end()
    return "".join(out) + text[position:]


def _chains(node: nodes.Node, is_optional: bool) -> Iterator[Use]:
    """All chains of names in a tree, each as long as it can be known without evaluating."""
    if isinstance(node, nodes.Test | nodes.Filter) and node.name in _MAY_BE_ABSENT and node.node is not None:
        yield from _chains(node.node, True)
        for child in node.iter_child_nodes(exclude=("node",)):
            yield from _chains(child, is_optional)
        return
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr):
        yield from _chains(node.node.node, is_optional)  # a method is no attribute
        for child in node.iter_child_nodes(exclude=("node",)):
            yield from _chains(child, is_optional)
        return
    if not isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
        for child in node.iter_child_nodes():
            yield from _chains(child, is_optional)
        return
    steps: list[str | int | Use] = []
    here: nodes.Node = node
    while isinstance(here, nodes.Getattr | nodes.Getitem):
        if isinstance(here, nodes.Getattr):
            steps.append(here.attr)
        elif isinstance(here.arg, nodes.Const) and type(here.arg.value) in (str, int):
            steps.append(here.arg.value)
        else:
            inner = list(_chains(here.arg, is_optional))
            yield from inner
            if len(inner) == 1 and inner[0].root in VALUE_ROOTS and _is_chain(here.arg):
                steps.append(inner[0])
            else:
                steps.clear()  # what follows is known only when it is evaluated
        here = here.node
    if isinstance(here, nodes.Name):
        yield use_of(here.name, tuple(reversed(steps)), is_optional=is_optional)
    else:
        yield from _chains(here, is_optional)


def _is_chain(node: nodes.Node) -> bool:
    """Whether a node is nothing but names with dots between them."""
    while isinstance(node, nodes.Getattr):
        node = node.node
    return isinstance(node, nodes.Name)


def _plain(value: Any) -> Value:
    """A result as JSON; raises ValueError for what is none, an undefined name deep inside included."""
    charge(1)
    match value:
        case Undefined():
            value._fail_with_undefined_error()
        case None | bool() | int():
            return value
        case str():
            if len(value) > _MAX_TEXT:
                raise ValueError(f"the result has more than {_MAX_TEXT:,} characters")
            charge(len(value))
            return str(value)
        case float():
            if not math.isfinite(value):
                raise ValueError("the result is not a finite number")
            return value
        case Unknown():
            raise UnknownValueError(value)
        case Mapping():
            return {_key(key): _plain(part) for key, part in value.items()}
        case Iterable():
            return [_plain(part) for part in value]
    raise ValueError(f"the result is no value but a {type(value).__name__}")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise ValueError(f"a mapping's keys must be text, not {key!r}")
    return str(key)
