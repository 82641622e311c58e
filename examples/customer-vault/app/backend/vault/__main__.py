"""Starts the server; stops it immediately when Docker asks for it."""

import logging
import signal
import sys
from http.server import ThreadingHTTPServer

from vault.server import Handler

logging.basicConfig(
    format="%(asctime)s %(levelname)s %(message)s",
    level=logging.INFO,
    handlers=[logging.FileHandler("logs/backend.log"), logging.StreamHandler()],
)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
logging.info("Customer Vault %s is ready", Handler.version)
ThreadingHTTPServer(("", 8000), Handler).serve_forever()
