"""For tests of the engine and of providers: a service in memory, a clock, and the suite that providers pass.

The suite is ``reconciler.testing.contract``; it alone needs pytest.
"""

from reconciler.testing.clock import FakeClock
from reconciler.testing.failures import MemoryCall
from reconciler.testing.memory import MemoryFactory, MemoryProvider
from reconciler.testing.service import TOKEN, MemoryService

__all__ = ["TOKEN", "FakeClock", "MemoryCall", "MemoryFactory", "MemoryProvider", "MemoryService"]
