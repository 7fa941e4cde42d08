"""``import``: an object that exists already becomes the one that a resource stands for."""
