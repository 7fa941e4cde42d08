"""The sandbox: small servers that behave as the real services do, embedded or on loopback."""
