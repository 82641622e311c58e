"""Checks the health of the container: exits with 0 if the server reports that it is healthy."""

import urllib.request

urllib.request.urlopen("http://127.0.0.1:8000/api/health", timeout=4)
