"""Documents of the store as the API shows them, with the full key sets of recorded answers."""
