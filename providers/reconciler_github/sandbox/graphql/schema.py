"""The schema, built once: the types of ``schema.graphql`` with the resolvers attached."""

from importlib.resources import files

from graphql import GraphQLObjectType, GraphQLSchema, build_schema

from reconciler_github.sandbox.graphql.mutations import labels as label_mutations
from reconciler_github.sandbox.graphql.mutations import protection as protection_mutations
from reconciler_github.sandbox.graphql.mutations import refs as ref_mutations
from reconciler_github.sandbox.graphql.mutations import repositories as repository_mutations
from reconciler_github.sandbox.graphql.resolvers import (
    accounts,
    collaborators,
    git,
    labels,
    protection,
    query,
    repositories,
    teams,
)

_PARTS = (
    query,
    accounts,
    repositories,
    collaborators,
    git,
    labels,
    protection,
    teams,
    repository_mutations,
    label_mutations,
    ref_mutations,
    protection_mutations,
)


def sdl() -> str:
    """The schema's text."""
    return files(__package__).joinpath("schema.graphql").read_text(encoding="utf-8")


def _build() -> GraphQLSchema:
    schema = build_schema(sdl())
    for part in _PARTS:
        for type_name, resolvers in part.FIELDS.items():
            type_ = schema.type_map[type_name]
            if not isinstance(type_, GraphQLObjectType):
                raise LookupError(f"{type_name} is no object type")
            for name, resolver in resolvers.items():
                type_.fields[name].resolve = resolver
    return schema


SCHEMA = _build()
