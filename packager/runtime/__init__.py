"""Takes a Python with its own loader and libraries from an image, for sites without one."""
