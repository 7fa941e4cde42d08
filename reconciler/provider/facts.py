"""Facts about a resource type, read from its JSON Schema.

A type's schema is JSON Schema (2020-12) of its attributes, with these keys of ours.

On an attribute:

- ``x-computed``: the service decides it; it cannot be declared.
- ``x-forces-replacement``: it cannot be changed, only chosen when the object is created.
- ``x-sensitive``: never shown; state keeps a keyed hash.
- ``x-write-only``: the service never tells it.
- ``x-untold``: the service never tells it, and the provider answers with what was last written. What a call
  with a lost answer has made of it is not known.
- ``x-part-of-id``: objects are known by it, so that state keeps it in the clear: it cannot be sensitive.
- ``x-unordered``: a list whose order means nothing.
- ``x-additive-unless: {attribute: value}``: a mapping that speaks only of the keys it has, and of the whole
  when that attribute is asked for with that value. A mapping inside it follows it where it is marked too.
- ``x-references: TYPE.ATTRIBUTE``: it holds that attribute of another object; a list of them where it may be
  one of several, in the order in which they are tried. On a part of a value (items, properties) too.
- ``x-changes-with: [name, …]``: computed anew when one of these attributes changes; ``["*"]``: by any update.

On the type:

- ``x-version``: the schema's version, a whole number, 1 when absent.
- ``x-natural-key: [name, …]``: the attributes that together name one object in its account. On the items of
  a list, at any depth: the fields by which its objects are known where a plan shows what differs.
- ``x-key-decides: false``: several objects may have the same natural key (a page's title, a payment); which
  of them a lost call made is then decided by the ids that were there before it.
- ``x-data: true``: looked up, never managed.
- ``x-irreversible: {action: reason}``: actions that cannot be undone exactly, such as ``delete``.
- ``x-parents: [{type, attribute, key}, …]``: the object lives in another: ``attribute`` holds the parent's
  ``key``. It goes when its parent goes and follows when its parent is renamed. With ``goes_along: false``
  something of it would be left elsewhere: it is removed by a call of its own, before its parent.
- ``x-batch: n``: up to n writes of this type go in one ``write_many``.
- ``x-destroy: [delete, …]``: what ``lifecycle.on_destroy`` may be, the default first; ``forget`` always may.
- ``x-turns: {way: {attribute: value}}``: what an object shows once it was let go of in one of those ways.
- ``x-import-id: text``: what ``import`` names an object by, with its attributes in braces:
  ``{repository}:{name}``. The natural key, joined with colons, when absent.
- ``x-terraform: [{type, id}, …]``: resource types of Terraform that stand for the same, each with the import
  id made of Terraform's attributes in braces. With ``each: name`` that attribute holds a list, and each entry
  of it is an object: its fields are in braces beside the attributes. ``left: {attribute: reason}`` names
  attributes that are not taken over.
- ``x-unlisted: reason``: why not all objects of the type can be listed; unmanaged ones are not looked for.
- ``x-replace-needs: name``: an object is replaced only where this attribute is declared ``true``.
- ``x-scopes: [name, …]``: the scopes without which the type cannot be used at all. What only some of its
  objects or actions need (a private channel, a deletion) its calls tell. When absent, all that the provider
  misses count.
- ``x-calls: {action: n}``: calls that an action costs, 1 when absent; shown in the plan.
- ``x-takes: {action: {limit: n}}``: what an action takes of the service's limits, beside what any call does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a resource type; the fields are the ``x-`` keys of the module's docstring."""

    name: str
    schema: Mapping[str, Any]
    is_required: bool = False
    is_computed: bool = False
    forces_replacement: bool = False
    is_sensitive: bool = False
    is_write_only: bool = False
    is_untold: bool = False
    is_part_of_id: bool = False
    is_unordered: bool = False
    changes_with: tuple[str, ...] = ()
    additive_unless: Mapping[str, Any] = field(default_factory=dict)

    def is_whole(self, asked: Mapping[str, Any]) -> bool:
        """Whether it stands for the whole of what there is, given all that is ``asked`` of an object."""
        return not self.additive_unless or all(
            asked.get(name) == value for name, value in self.additive_unless.items()
        )


@dataclass(frozen=True, slots=True)
class Parent:
    """``attribute`` of the child holds ``key`` of the parent, an object of the type ``type``.

    ``goes_along``: whether nothing is left of the child when the parent goes.
    """

    type: str
    attribute: str
    key: str
    goes_along: bool = True


@dataclass(frozen=True, slots=True)
class TerraformType:
    """A resource type of Terraform; ``id`` is our import id made of its attributes.

    ``each`` names the attribute whose entries are an object each; ``left`` says why attributes are not taken
    over.
    """

    type: str
    id: str
    each: str = ""
    left: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ResourceType:
    """What the engine knows about a type: everything it decides by."""

    name: str
    schema: Mapping[str, Any]
    attributes: Mapping[str, Attribute]
    version: int = 1
    natural_key: tuple[str, ...] = ()
    key_decides: bool = True
    is_data: bool = False
    irreversible: Mapping[str, str] = field(default_factory=dict)
    parents: tuple[Parent, ...] = ()
    batch: int = 1
    destroy: tuple[str, ...] = ("delete",)
    turns: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    replace_needs: str = ""
    unlisted: str = ""
    import_id: str = ""
    terraform: tuple["TerraformType", ...] = ()
    scopes: tuple[str, ...] | None = None
    calls: Mapping[str, int] = field(default_factory=dict)
    takes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @classmethod
    def from_schema(cls, name: str, schema: Mapping[str, Any]) -> "ResourceType":
        """Read the facts of a type; ``schema`` is its whole document."""
        required = frozenset(schema.get("required", ()))
        properties: Mapping[str, Mapping[str, Any]] = schema.get("properties", {})
        return cls(
            name=name,
            schema=schema,
            attributes={key: _attribute(key, part, key in required) for key, part in properties.items()},
            version=schema.get("x-version", 1),
            natural_key=tuple(schema.get("x-natural-key", ())),
            key_decides=schema.get("x-key-decides", True),
            is_data=schema.get("x-data", False),
            irreversible=schema.get("x-irreversible", {}),
            parents=tuple(Parent(**parent) for parent in schema.get("x-parents", ())),
            batch=schema.get("x-batch", 1),
            destroy=tuple(schema.get("x-destroy", ("delete",))),
            turns=schema.get("x-turns", {}),
            replace_needs=schema.get("x-replace-needs", ""),
            unlisted=schema.get("x-unlisted", ""),
            import_id=schema.get("x-import-id", _joined(schema.get("x-natural-key", ()))),
            terraform=tuple(TerraformType(**one) for one in schema.get("x-terraform", ())),
            scopes=tuple(schema["x-scopes"]) if "x-scopes" in schema else None,
            calls=schema.get("x-calls", {}),
            takes=schema.get("x-takes", {}),
        )

    @cached_property
    def computed(self) -> tuple[str, ...]:
        """The names of the attributes that the service decides."""
        return tuple(name for name, attribute in self.attributes.items() if attribute.is_computed)

    @cached_property
    def sensitive(self) -> tuple[str, ...]:
        """The names of the attributes that are never shown."""
        return tuple(name for name, attribute in self.attributes.items() if attribute.is_sensitive)

    @cached_property
    def untold(self) -> frozenset[str]:
        """The names of the attributes that a provider answers from memory."""
        return frozenset(name for name, attribute in self.attributes.items() if attribute.is_untold)

    @cached_property
    def called_by(self) -> tuple[str, ...]:
        """What people call an object where it is: the natural key without parents and choices."""
        parents = {parent.attribute for parent in self.parents}
        return tuple(
            name
            for name in self.natural_key
            if name not in parents and "enum" not in self.attributes[name].schema
        )

    @property
    def provider(self) -> str:
        """The provider's name: the prefix of the type's name."""
        return self.name.partition("_")[0]


def _joined(names: Iterable[str]) -> str:
    return ":".join(f"{{{name}}}" for name in names)


def _attribute(name: str, schema: Mapping[str, Any], is_required: bool) -> Attribute:
    return Attribute(
        name,
        schema,
        is_required=is_required,
        is_computed=schema.get("x-computed", False),
        forces_replacement=schema.get("x-forces-replacement", False),
        is_sensitive=schema.get("x-sensitive", False),
        is_write_only=schema.get("x-write-only", False),
        is_untold=schema.get("x-untold", False),
        is_part_of_id=schema.get("x-part-of-id", False),
        is_unordered=schema.get("x-unordered", False),
        changes_with=tuple(schema.get("x-changes-with", ())),
        additive_unless=schema.get("x-additive-unless", {}),
    )
