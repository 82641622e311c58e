"""Lists the signals that end a program. Imports little: one may come before all else is imported."""

import signal

NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # Windows has no SIGHUP, and alone has SIGBREAK
ENDING = tuple(signal.Signals[name] for name in NAMES if hasattr(signal, name))
