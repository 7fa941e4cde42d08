"""What the services have last said, for the time in which they say nothing."""
