"""The container's health check: ends with 0 when the server answers that all is well."""

import urllib.request

urllib.request.urlopen("http://127.0.0.1:8000/api/health", timeout=4)
