"""A database put back exactly, from a backup or a dump made by hand. Its table of contents is `restore`."""
