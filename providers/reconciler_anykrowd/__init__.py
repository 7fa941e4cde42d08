"""anyKrowd for reconciler: staff, top-ups of wallets, and what a tenant is looked up for."""

from reconciler_anykrowd.provider import AnykrowdProvider

__all__ = ["AnykrowdProvider"]
