"""Whether services are well, and whether what they hold is still what we left there."""
