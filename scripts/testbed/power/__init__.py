"""Cuts the power of a disk: records every write and flush, and mounts the disk as a cut would have left it.

The kernel's loop device lies on a file that a FUSE server provides (`logged_file`), which keeps nothing but
a log of writes and flushes. A disk after a power cut is another such file, made of the log up to a moment.
"""
