"""A small application without data of its own: its packages take seconds, and anybody may carry them over."""

from pathlib import Path

from tests.journeys.packages import Packages
from tests.packager.projects import write

COMPOSE = """\
services:
  web:
    image: busybox:1
    init: true
    stop_grace_period: 1s
    command: ["sh", "-c", "{command}"]
    environment: {{GREETING: "${{GREETING:?}}"}}
    env_file: [app.env]
    volumes: ["./conf/notes.conf:/etc/notes.conf:ro"]
"""
SERVES, ENDS = "sleep 1000", "echo cannot serve; sleep 1; exit 3"
SETTINGS = {".env": "GREETING=hello\n", "app.env": "NOTES_KEY=4f2a\n"}


def export_notes(packages: Packages, folder: Path, version: str, command: str) -> Path:
    """The package of this version, whose only service runs this command."""
    project = {"docker-compose.yml": COMPOSE.format(command=command), ".env.example": "GREETING=\n"}
    tree = write(folder / version / "notes", {**project, "conf/notes.conf": f"{version}\n"})
    packages.export(version, tree, folder)
    return folder / f"notes_{version}_package.tar.gz"
