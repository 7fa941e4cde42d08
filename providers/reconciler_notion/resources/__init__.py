"""Notion's resource types, one module each."""

from collections.abc import Mapping

from reconciler_notion.resources import database, looked_up, page, relation
from reconciler_notion.resources.kind import DataKind, Kind

KINDS: Mapping[str, Kind] = {kind.type: kind for kind in (page.KIND, database.KIND, relation.KIND)}

DATA_KINDS: Mapping[str, DataKind] = {kind.type: kind for kind in looked_up.KINDS}
