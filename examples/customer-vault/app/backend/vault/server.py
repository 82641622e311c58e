"""Routes HTTP requests to functions by their path."""

import json
import logging
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import unquote

import pymysql

from vault import departments, documents, health, users

GET = {
    "/api/health": health.report,
    "/api/users": users.every,
    "/api/departments": departments.every,
    "/api/documents": documents.every,
}
POST = {"/api/users": users.add, "/api/departments": departments.add}


class Handler(BaseHTTPRequestHandler):
    version = Path("version.txt").read_text().strip()

    def do_GET(self):
        if self.path in GET:
            self.answer_with(GET[self.path])
        elif self.path.startswith("/api/documents/"):
            self.answer_with(documents.content, unquote(self.path.rpartition("/")[2]))
        else:
            self.answer(404, {"error": "there is nothing here"})

    def do_POST(self):
        if self.path in POST:
            self.answer_with(lambda: POST[self.path](json.loads(self.body())), status=201)
        else:
            self.answer(404, {"error": "there is nothing here"})

    def do_PUT(self):
        """PUT /api/users/EMAIL/documents/NAME with the file as the body."""
        match self.path.split("/"):
            case ["", "api", "users", email, "documents", name]:
                self.answer_with(lambda: documents.add(unquote(email), unquote(name), self.body()), status=201)
            case _:
                self.answer(404, {"error": "there is nothing here"})

    def answer_with(self, function, *values, status=200):
        try:
            self.answer(status, function(*values))
        except health.Unhealthy as problem:
            self.answer(503, problem.report)
        except (LookupError, ValueError, pymysql.err.IntegrityError) as problem:
            self.answer(400, {"error": str(problem)})
        except (pymysql.Error, OSError) as problem:
            logging.exception("%s %s", self.command, self.path)
            self.answer(500, {"error": str(problem)})

    def answer(self, status, body):
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def log_message(self, text, *values):
        if self.path != "/api/health":
            logging.info(text, *values)
