"""What may happen in the emulated GitHub: the deeds that REST and GraphQL share."""
