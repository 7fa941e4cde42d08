"""Notion for reconciler: its resource types, and the emulator that the sandbox hosts."""
