"""State: what we last knew of every object, at every serial, and the journal of what was done to it."""
