"""``for_each`` and ``when``: how often something is to be, worked out from what the files say."""

import re
from collections.abc import Iterator
from functools import cache, partial
from typing import Any

from reconciler import codes
from reconciler.config.blocks import Block, Each, Turns
from reconciler.config.derived import Element, references_of
from reconciler.config.expressions import StackExpression, evaluated
from reconciler.config.names import Names
from reconciler.config.nodes import Mapping as MappingNode
from reconciler.config.nodes import Node
from reconciler.config.reader import Reader
from reconciler.config.shapes import ANY
from reconciler.config.stack import Scope, Template
from reconciler.config.templates import TemplateBuilder
from reconciler.diagnostics import Diagnostics
from reconciler.errors import InvalidConfiguration
from reconciler.values import Sensitive, Unknown, Value, leaves

MAX_TURNS = 1_000_000
"""Of one for_each."""

_HINT = "use names, variables and locals: how many there are must be known before anything is made"

_OF_THE_STATE = re.compile(r"\(deposed [0-9a-f]{8}\)\Z")
"""The end of a key that nobody can declare, since the state gives it to what is only left to be removed."""


class Expansion:
    """Works out the turns of one module's blocks; what is wrong goes to ``found``.

    What a ``for_each`` refers to has the value that the files declare; what only a service tells is unknown,
    so that a plan is the same whether or not something has been applied before.
    """

    def __init__(self, names: Names, reader: Reader, declared: Scope, found: Diagnostics) -> None:
        self._names = names
        self._reader = reader
        self._declared = declared
        self._found = found
        self._at_work: set[int] = set()

    def turns(self, block: Block[Any]) -> Turns:
        """How often a block is to be; nothing when that cannot be worked out."""
        node = block.entry.node
        if not isinstance(node, MappingNode) or not {"for_each", "when"} & node.values.keys():
            return {None: None}
        if id(block) in self._at_work:
            key = "for_each" if block.is_each else "when"
            self._error(block, node.values[key], f"its {key} rests on how many there are of it",
                        "let it rest on something else", codes.CIRCLE)  # fmt: skip
            return {}
        self._at_work.add(id(block))
        try:
            every = self._each(block, node.values["for_each"]) if block.is_each else [None]
            return {
                each.key if each else None: each
                for each in every
                if "when" not in node.values or self._holds(block, node.values["when"], each)
            }
        finally:
            self._at_work.remove(id(block))

    def _error(self, block: Block[Any], node: Node, summary: str, advice: str, code: str = "") -> None:
        place = block.entry.source.place(node.position)
        self._found.error(summary, advice=advice, place=place, address=block.called, code=code or codes.TURNS)

    def _builder(self, block: Block[Any], each: Each | None = None) -> TemplateBuilder:
        builder = TemplateBuilder(self._reader)
        builder.begin(block.entry.source, block.called, each)
        return builder

    def _holds(self, block: Block[Any], node: Node, each: Each | None) -> bool:
        value = self._known(block, node, self._builder(block, each).build(node, ANY), "when")
        if isinstance(value, Sensitive):
            self._error(block, node, "a when must not be secret: whether something is there shows it",
                        "use a variable that is not sensitive")  # fmt: skip
        elif isinstance(value, bool):
            return value
        elif not isinstance(value, Unknown):
            self._error(
                block,
                node,
                "a when must be true or false",
                "write true or false without quotes, or a comparison: ${var.x == 'a'}",
            )
        return False

    def _each(self, block: Block[Any], node: Node) -> Iterator[Each]:
        template = self._builder(block).build(node, ANY)
        rests_on = cache(partial(references_of, template))
        keys = template.keys if isinstance(template, StackExpression) else None
        if keys is not None:
            value: Value = dict.fromkeys(keys)
        elif isinstance(template, dict):  # its keys are known, its values may be anything
            value = template
        else:
            value = self._known(block, node, template, "for_each")
        if isinstance(value, Sensitive):
            self._error(block, node, "a for_each must not be secret: its keys stand in addresses",
                        "take the keys from something that is not sensitive")  # fmt: skip
        elif isinstance(value, list):
            keys = self._texts(block, node, value)
            yield from (Each(key, key, rests_on) for key in keys)
        elif isinstance(value, dict):
            for key, part in value.items():
                if not self._is_key(block, node, key):
                    continue
                element = self._element(template, key, part)
                # Key by key where it is another for_each: all for each would be quadratic.
                yield Each(key, element, rests_on if keys is None else partial(references_of, element))
        elif not isinstance(value, Unknown):
            self._error(
                block, node, "a for_each must be a list of texts or a mapping", "write [a, b] or {a: 1}"
            )

    def _texts(self, block: Block[Any], node: Node, value: list[Value]) -> dict[str, None]:
        keys: dict[str, None] = {}
        for item in value[:MAX_TURNS]:
            if isinstance(item, Sensitive):
                self._error(block, node, "a key of a for_each must not be secret: it stands in addresses",
                            "take the keys from something that is not sensitive")  # fmt: skip
            elif not isinstance(item, str):
                self._error(block, node, "the items of a for_each must be texts",
                            "put numbers in quotes; for anything else write a mapping: {key: …}")  # fmt: skip
            elif item in keys:
                self._error(block, node, f"for_each has {item!r} twice", "keep one of them, or use | unique")
            elif self._is_key(block, node, item):
                keys[item] = None
        return keys

    def _is_key(self, block: Block[Any], node: Node, key: str) -> bool:
        advice = "a key is a text of 1 to 512 characters on one line"
        if isinstance(node, MappingNode) and "${" in key:
            advice = "keys are written out; make the whole mapping by an expression: ${ {var.name: 1} }"
        elif _OF_THE_STATE.search(key):
            advice = "choose another: the state gives such keys to what a replacement has left"
        elif key and len(key) <= 512 and key.isprintable():
            return True
        self._error(block, node, f"for_each cannot have the key {key[:40]!r}", advice)
        return False

    def _known(self, block: Block[Any], node: Node, template: Template, key: str) -> Value:
        """A value as the files tell it; Unknown, which has been said, if they do not."""
        try:
            value = evaluated(template, self._declared)
        except InvalidConfiguration as invalid:
            self._found.extend(invalid.diagnostics)
            return Unknown(key)
        if isinstance(value, dict) and key == "for_each":
            return value
        unknown = next((part for part in leaves(value) if isinstance(part, Unknown)), None)
        if unknown is None:
            return value
        if hasattr(template, "evaluate") or isinstance(template, list | dict):  # else it was said when read
            self._error(
                block, node, f"{key} rests on {unknown.because}, which is known only after apply", _HINT
            )
        return unknown

    def _element(self, template: Template, key: str, value: Value) -> Template:
        """What ``each.value`` is: an expression where the value is not known, or is a resource's."""
        if isinstance(template, dict):
            return template[key]
        if not isinstance(template, StackExpression):
            return value
        if template.keys is not None:
            return template.inside(key)
        return Element(template, key) if _is_open(value) else value


def _is_open(value: Value) -> bool:
    return any(isinstance(part, Unknown) for part in leaves(value))
