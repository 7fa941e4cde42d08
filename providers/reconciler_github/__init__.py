"""GitHub for reconciler: organisations, repositories, teams, labels, branches and secrets."""
