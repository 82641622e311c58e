"""An image registry in memory that can be told to fail. The contract suite runs on it and on a real one."""

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PATH = re.compile(r"/v2/(?P<repository>.+)/(?P<kind>blobs/uploads|blobs|manifests)/(?P<name>[^/]*)")
BASIC = "Basic dmF1bHQ6Y29ycmVjdC1ob3JzZQ=="  # vault, correct-horse
IDENTITY = "an-identity-token"


@dataclass
class Faults:
    """What goes wrong: each number counts down, each list gets shorter."""

    lost: set[str] = field(default_factory=set)  # blobs that are accepted and never returned
    statuses: list[tuple[str, int]] = field(default_factory=list)  # answers to the next requests of a method
    cut_bytes: list[int] = field(default_factory=list)  # the next PATCHes break after so many bytes
    forgets_uploads: bool = False  # after a cut
    loses_answers: int = 0  # PUTs of blobs whose answer does not arrive
    mounts: bool = True
    calls_itself: str = ""  # before the paths of uploads
    alters_manifests: bool = False
    short_answers: int = 0  # whole blobs that end before their announced size
    full: set[str] = field(default_factory=set)  # repositories that accept no manifest


@dataclass
class FakeRegistry:
    """What the registry has, and what it was asked."""

    auth: str = ""  # "basic" or "bearer"
    token_uses: int = 1000
    redirects: tuple[str, ...] = ()  # methods whose requests for blobs go to `elsewhere`
    elsewhere: str = ""  # the URL of another host, by default one that shares what the registry has
    logins_elsewhere: list[str] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    blobs: dict[tuple[str, str], bytes] = field(default_factory=dict)
    manifests: dict[tuple[str, str], bytes] = field(default_factory=dict)
    uploads: dict[str, bytes] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=dict)
    scopes: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    received_bytes: int = 0
    host: str = ""

    def count(self, method: str) -> int:
        """How often a method was used for blobs and uploads."""
        return sum(line.startswith(f"{method} ") and "/blobs/" in line for line in self.asked)


@contextmanager
def fake_registry(registry: FakeRegistry) -> Iterator[FakeRegistry]:
    """The registry on a port of this machine, and its storage on another one."""
    handler = type("Handler", (_Handler,), {"registry": registry})
    with _serving(handler) as host, _serving(type("Storage", (handler,), {"is_storage": True})) as other:
        registry.host = host
        registry.elsewhere = registry.elsewhere or f"http://{other}"
        yield registry


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    registry: FakeRegistry
    is_storage = False

    def do_GET(self) -> None:
        if self.path.startswith("/token?"):
            self._give_token()
        elif self._is_welcome():
            self._get()

    def do_POST(self) -> None:
        body = self._read_body()
        if self.path == "/token":
            self._exchange_token(parse_qs(body.decode()))
            return
        if not self._is_welcome():
            return
        found, query = self._found()
        mounted = (query.get("from", [""])[0], query.get("mount", [""])[0])
        if self.registry.faults.mounts and mounted in self.registry.blobs:
            self.registry.blobs[found["repository"], mounted[1]] = self.registry.blobs[mounted]
            self._answer(201)
            return
        upload = f"{len(self.registry.uploads)}"
        self.registry.uploads[upload] = b""
        self._answer(202, Location=self._place(found["repository"], upload))

    def do_PATCH(self) -> None:
        faults, (found, _query) = self.registry.faults, self._found()
        cut = faults.cut_bytes.pop(0) if faults.cut_bytes else None
        body = self._read_body(cut)
        upload = found["name"]
        has = self.registry.uploads.get(upload)
        if not self._is_welcome():
            return
        if has is None:
            self._answer(404)
        elif self.headers["Content-Range"].partition("-")[0] != str(len(has)):
            self._answer(416)
        else:
            self.registry.uploads[upload] = has + body
            if cut is None or len(body) == int(self.headers["Content-Length"]):
                self._answer(202, Location=self._place(found["repository"], upload))
                return
            if faults.forgets_uploads:
                del self.registry.uploads[upload]
            self._hang_up()

    def do_PUT(self) -> None:
        body, (found, query) = self._read_body(), self._found()
        if not self._is_welcome():
            return
        if found["kind"] == "manifests":
            self._put_manifest(found["repository"], found["name"], body)
            return
        content = self.registry.uploads.pop(found["name"], None)
        digest = query["digest"][0]
        if content is None:
            self._answer(404, _error("BLOB_UPLOAD_UNKNOWN"))
        elif _digest(content) != digest:
            self._answer(400, _error("DIGEST_INVALID"))
        else:
            self.registry.blobs[found["repository"], digest] = content
            if self.registry.faults.loses_answers:
                self.registry.faults.loses_answers -= 1
                self._hang_up()
            else:
                self._answer(201)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""

    def _get(self) -> None:
        if self.path == "/v2/":
            self._answer(200)
            return
        found, _query = self._found()
        place = (found["repository"], found["name"])
        if found["kind"] == "blobs/uploads":
            has = self.registry.uploads.get(found["name"])
            last = max(len(has or b"") - 1, 0)
            if has is None:
                self._answer(404)
            else:
                self._answer(204, Range=f"0-{last}", Location=self._place(*place))
        elif found["kind"] == "manifests":
            manifest = self.registry.manifests.get(place)
            self._answer(404 if manifest is None else 200, manifest or b"")
        elif place not in self.registry.blobs or found["name"] in self.registry.faults.lost:
            self._answer(404, _error("BLOB_UNKNOWN"))
        else:
            self._give_part(self.registry.blobs[place])

    def _give_part(self, content: bytes) -> None:
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers["Range"] or "")
        if asked is None and self.registry.faults.short_answers:
            self.registry.faults.short_answers -= 1
            self._answer(200, content[:-1], **{"Content-Length": str(len(content))})
            self._hang_up()
            return
        if asked is None:
            self._answer(200, content)
            return
        first, last = int(asked[1]), min(int(asked[2]), len(content) - 1)
        part = content[first : last + 1]
        self._answer(206 if part else 416, part, **{"Content-Range": f"bytes {first}-{last}/{len(content)}"})

    def _put_manifest(self, repository: str, tag: str, body: bytes) -> None:
        if repository in self.registry.faults.full:
            self._answer(403, _error("DENIED"))
            return
        document = json.loads(body)
        blobs = [one["digest"] for one in (document["config"], *document["layers"])]
        if any((repository, blob) not in self.registry.blobs for blob in blobs):
            self._answer(400, _error("MANIFEST_BLOB_UNKNOWN"))
            return
        kept = body + b" " if self.registry.faults.alters_manifests else body
        for name in (tag, _digest(body)):
            self.registry.manifests[repository, name] = kept
        self._answer(201)

    def _give_token(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        scopes = " ".join(query.get("scope", []))
        self.registry.asked.append(f"GET /token {scopes}".rstrip())
        if self.headers["Authorization"] == BASIC:
            self._answer(200, json.dumps({"token": self._new_token(scopes)}).encode())
        else:
            self._answer(401)

    def _exchange_token(self, form: dict[str, list[str]]) -> None:
        """Answers as https://distribution.github.io/distribution/spec/auth/oauth/ says."""
        scopes = form.get("scope", [""])[0]
        self.registry.asked.append(f"POST /token {scopes}".rstrip())
        said = [form.get(name) for name in ("grant_type", "service", "refresh_token")]
        if said == [["refresh_token"], ["fake"], [IDENTITY]] and form["client_id"]:
            self._answer(200, json.dumps({"access_token": self._new_token(scopes)}).encode())
        else:
            self._answer(401)

    def _new_token(self, scopes: str) -> str:
        token = f"token{len(self.registry.tokens)}"
        self.registry.tokens[token] = self.registry.token_uses
        self.registry.scopes[token] = scopes
        return token

    def _is_welcome(self) -> bool:
        """Whether the request goes on; else it is answered."""
        self.registry.asked.append(f"{self.command} {self.path}")
        for number, (method, status) in enumerate(self.registry.faults.statuses):
            if method == self.command:
                del self.registry.faults.statuses[number]
                self._answer(status, _error("TROUBLE"))
                return False
        if self.is_storage:
            self.registry.logins_elsewhere += self.headers.get_all("Authorization", [])
            return True
        if self._is_authorized():
            return not self._is_redirected()
        basic, realm = (
            'Basic realm="site"',
            f'Bearer realm="http://{self.registry.host}/token",service="fake"',
        )
        self._answer(401, **{"WWW-Authenticate": basic if self.registry.auth == "basic" else realm})
        return False

    def _is_redirected(self) -> bool:
        """Whether the request was answered with the address of the storage."""
        moves = self.command in self.registry.redirects and "/blobs/" in self.path
        if moves:
            signed = "&" if "?" in self.path else "?"
            self._answer(307, Location=f"{self.registry.elsewhere}{self.path}{signed}signature=secret")
        return moves

    def _is_authorized(self) -> bool:
        said = self.headers["Authorization"] or ""
        if self.registry.auth != "bearer":
            return self.registry.auth == "" or said == BASIC
        token = said.removeprefix("Bearer ")
        if not self.registry.tokens.get(token):
            return False
        self.registry.tokens[token] -= 1
        found = PATH.match(self.path)
        return found is None or f"repository:{found['repository']}:pull,push" in self.registry.scopes[token]

    def _read_body(self, cut: int | None = None) -> bytes:
        length = int(self.headers["Content-Length"] or 0)
        body = self.rfile.read(length if cut is None else min(cut, length))
        self.registry.received_bytes += len(body)
        return body

    def _found(self) -> "tuple[re.Match[str], dict[str, list[str]]]":
        parts = urlsplit(self.path)
        found = PATH.fullmatch(parts.path)
        assert found, self.path
        return found, parse_qs(parts.query)

    def _place(self, repository: str, upload: str) -> str:
        return f"{self.registry.faults.calls_itself}/v2/{repository}/blobs/uploads/{upload}?state=x"

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204 and "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _hang_up(self) -> None:
        self.close_connection = True


def _error(code: str) -> bytes:
    return json.dumps({"errors": [{"code": code, "message": "as the test wants"}]}).encode()


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
