"""The service in memory twice: ``memory``, and ``memory.far``, which has an outage of its own."""

from collections.abc import Mapping
from typing import Any

from reconciler.errors import ProviderError, Unreachable
from reconciler.provider.protocol import ProviderContext
from reconciler.testing import MemoryFactory, MemoryProvider, MemoryService

FAR = "far-token"
STACK = f"""stack: lab
providers:
  memory: {{}}
  memory.far: {{token: {FAR}, fallback: queue}}
resources:
  memory_thing:
    here: {{name: here}}
    there: {{name: there, provider: memory.far}}
    after: {{name: after, text: "${{memory_thing.there.id}}"}}
"""
"""Two services; the writes of the one that is far wait in the queue while it is down."""
_OPERATIONS = ("account", "health", "read", "find", "list", "create", "update", "delete", "write_many")


class TwoServices(MemoryFactory):
    """Which of the two a provider talks to, its token says."""

    def __init__(self) -> None:
        super().__init__(MemoryService())
        self.far = MemoryService(seed=1)
        self.far.token = FAR

    def __call__(self, settings: Mapping[str, Any], context: ProviderContext) -> MemoryProvider:
        service = self.far if settings.get("token") == FAR else self.service
        return MemoryProvider(service, settings, context)

    def lose(self, error: type[ProviderError] = Unreachable) -> None:
        """No call gets through to the far service any more, until it is healed."""
        for operation in _OPERATIONS:
            self.far.fail(operation, error, times=None)
