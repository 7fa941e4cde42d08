"""The settings that every provider takes beside its own."""

from collections.abc import Mapping
from typing import Any

from reconciler.config.schemas import schema

COMMON: Mapping[str, Any] = schema("provider-settings.schema.json")
