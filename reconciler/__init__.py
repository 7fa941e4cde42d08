"""Reconciler: keeps the services a team depends on in the state that its YAML declares."""

__version__ = "0.1.0"
