"""anyKrowd for reconciler."""
