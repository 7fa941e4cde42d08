"""What each command means. Nothing here prints, asks, or knows of a command line."""
