"""What happens in the emulated workspace, whichever endpoint asks for it."""
