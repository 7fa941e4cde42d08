"""Carrying a plan out: the executor does what the plan says, and decides nothing anew."""
