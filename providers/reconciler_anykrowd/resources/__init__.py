"""anyKrowd's resource types, one module each."""
