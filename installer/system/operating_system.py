"""Names the operating system of this machine: a site is Linux, an engineer's own machine may be another."""

import sys

IS_LINUX: bool = sys.platform.startswith("linux")
IS_MACOS: bool = sys.platform == "darwin"
IS_WINDOWS: bool = sys.platform == "win32"
