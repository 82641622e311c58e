"""What the shell scripts beside this folder start, in Python: one module for each."""
