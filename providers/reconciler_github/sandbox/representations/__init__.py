"""Documents of the store as the REST API shows them, with the full key sets of GitHub's description."""
