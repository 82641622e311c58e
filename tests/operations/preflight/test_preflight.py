"""The preflight of an upgrade beside a running release: real engine, real Compose, real MariaDB."""

import io
import socket
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from installer.bundle.manifest import Image, Layer, Requirements
from installer.console import Console
from installer.errors import AirlockError, Refused
from installer.operations.import_plan import Situation
from installer.operations.look_around import look_around
from installer.operations.preflight import Finding, run_preflight
from installer.site.database import locate_database
from installer.site.settings import borrowed_settings
from installer.system.compose import Compose
from installer.system.docker import Engine
from installer.system.mariadb import connect
from installer.system.process import output_of, run
from tests.bundle.builders import CONTENTS, SCRIPT, a_manifest, a_package_directory
from tests.testbed.waiting import eventually

pytestmark = [pytest.mark.engine, pytest.mark.database]

COMPOSE = """
services:
  db:
    image: mariadb:10.11
    container_name: ${NAME}-db
    environment: {MARIADB_ROOT_PASSWORD: "${DB_ROOT_PASSWORD:?}", MARIADB_DATABASE: vault}
    volumes: ["./data/mariadb:/var/lib/mysql"]
  web:
    image: busybox:1
    container_name: ${NAME}-web
    init: true
    command: sleep 1000
    ports: ["127.0.0.1:${PORT}:80"]
"""
ENV = "NAME={name}\nDB_ROOT_PASSWORD='pa$$word'\nPORT=18201\n"
"""
