"""What happens in the emulated tenant, whoever asks for it: a request or a seed."""
