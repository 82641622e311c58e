"""Starts the server; stops it immediately when Docker asks for it."""

import logging
import signal
import sys
from http.server import ThreadingHTTPServer

from orders.server import Handler

logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
logging.info("Orders %s is ready", Handler.version)
ThreadingHTTPServer(("", 8000), Handler).serve_forever()
