"""What the service does to its own objects, whoever asks for it: seeds and methods share it."""
