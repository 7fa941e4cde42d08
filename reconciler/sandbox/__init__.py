"""The sandbox: small servers that behave as the real services do, embedded or on loopback.

- ``world.World(path)`` is the document store that all emulators share; in memory without a path.
- ``host.Host(world)`` hosts the installed emulators: ``transport()`` for an ``httpx.Client`` of this process,
  ``settings(service, declared)`` to turn a provider's settings to them, ``show``, ``seed``, ``reset``,
  ``requests``, ``connections``. It is a WSGI application too.
- ``serving.serve(port=, db=, ready_file=, on_ready=)`` puts one on loopback until it is told to stop.
- ``outages.Outages(world)`` lets services falter, whichever process hosts them; ``faltering`` is what then
  happens to a call, and ``wire`` what happens to its connection.
- ``emulator.Emulator`` is what a service's package offers, and ``emulator.SeedError`` what a seed may raise.
"""
