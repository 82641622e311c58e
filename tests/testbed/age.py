"""Keys to encrypt backups to, made by the programs `age-keygen` and `ssh-keygen`."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class KeyPair:
    """A public key, and the file that holds the secret one."""

    recipient: str
    identity: Path


def age_key(folder: Path) -> KeyPair:
    """A new key of age's own kind."""
    identity = folder / "age.key"
    subprocess.run(("age-keygen", "-o", identity), check=True, capture_output=True)
    asked = subprocess.run(("age-keygen", "-y", identity), check=True, capture_output=True, text=True)
    return KeyPair(asked.stdout.strip(), identity)


def ssh_key(folder: Path) -> KeyPair:
    """A new SSH key without a passphrase."""
    identity = folder / "id_ed25519"
    words = ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", identity)
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL)
    return KeyPair(identity.with_name("id_ed25519.pub").read_text().strip(), identity)
