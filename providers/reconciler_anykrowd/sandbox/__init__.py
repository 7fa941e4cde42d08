"""An embedded anyKrowd tenant: all of APIX v1, over a world of its own."""

from reconciler_anykrowd.sandbox.emulator import AnykrowdEmulator

__all__ = ["AnykrowdEmulator"]
