"""The REST half of the emulator: one module a resource, each a Flask blueprint."""
