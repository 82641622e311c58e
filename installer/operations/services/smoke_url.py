"""Builds the address of the smoke check on this site: the package's, with the settings filled in."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from installer.bundle.variables import NoValue, with_values
from installer.errors import Refused
from installer.system.compose.compose import Compose
from installer.system.compose.environment import compose_variables
from installer.text import _


def smoke_url(written: str, compose: Compose) -> str:
    """Returns the URL. Raises `Refused` if a variable has no value, or if the result is no URL."""
    file = compose.settings_path
    return filled_in(written, compose_variables(file), file)


def filled_in(written: str, values: Mapping[str, str], file: Path) -> str:
    """Fills in these values, of the settings in `file`, not of defaults of the compose file."""
    try:
        url = with_values(written, values)
    except NoValue as missing:
        raise Refused(
            _("The address of the smoke check needs {name}, which is not set.", name=missing.name),
            details=list(filter(None, [written, missing.words])),
            hint=_("Set {name} in {path}, then run the command again.", name=missing.name, path=file),
        ) from missing
    if not _is_url(url):
        raise Refused(
            _("With the settings filled in, the address of the smoke check is not a URL."),
            details=[_("The package says: {url}", url=written)],
            hint=_(
                "Compare the variables in it with {path}; if they are right, ask the vendor"
                " for another package.",
                path=file,
            ),
        )
    return url


def _is_url(text: str) -> bool:
    """Returns whether it is a URL. Never shown: a wrong setting in it may be a password."""
    try:
        parts = urlsplit(text)
        port_is_right = parts.port != 0 and not parts.netloc.endswith(":")
    except ValueError:
        return False
    is_clean = text.isprintable() and not set(text) & set(' "<>\\^`{|}')
    return parts.scheme in ("http", "https") and bool(parts.hostname) and port_is_right and is_clean
