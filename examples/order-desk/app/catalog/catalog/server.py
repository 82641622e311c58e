"""Routes HTTP requests to functions by their path."""

import json
import logging
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from pg8000.exceptions import DatabaseError, Error

from catalog import health, prices, products

GET = {"/api/health": health.report, "/api/products": products.every}
POST = {"/api/products": products.add, "/api/prices": prices.change}


class Handler(BaseHTTPRequestHandler):
    version = Path("version.txt").read_text().strip()

    def do_GET(self):
        if self.path in GET:
            self.answer_with(GET[self.path])
        else:
            self.answer(404, {"error": "there is nothing here"})

    def do_POST(self):
        if self.path in POST:
            self.answer_with(lambda: POST[self.path](json.loads(self.body())), status=201)
        else:
            self.answer(404, {"error": "there is nothing here"})

    def answer_with(self, function, status=200):
        try:
            self.answer(status, function())
        except health.Unhealthy as problem:
            self.answer(503, problem.report)
        except (LookupError, ValueError, DatabaseError) as problem:
            self.answer(400, {"error": str(problem)})
        except (Error, OSError) as problem:
            logging.exception("%s %s", self.command, self.path)
            self.answer(500, {"error": str(problem)})

    def answer(self, status, body):
        content = json.dumps(body, ensure_ascii=False, default=str).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def log_message(self, text, *values):
        if self.path != "/api/health":
            logging.info(text, *values)
