"""Translates every text that people read. English is the source language; `locale/*.po` translate it.

`_("File {path} is missing.", path=path)` translates first and fills in values afterwards, so that the
catalogues hold whole sentences. `choose_language` runs once, before the first text is translated.
"""

import gettext
import io
import os
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

LANGUAGES = ("en", "ko")

_catalogue = gettext.NullTranslations()
_language = "en"


def choose_language(arguments: Sequence[str]) -> None:
    """Switches all texts to the language that `--lang` in the arguments names, else to the environment's."""
    asked = [argument.removeprefix("--lang=") for argument in arguments if argument.startswith("--lang=")]
    asked += [arguments[at + 1] for at, argument in enumerate(arguments[:-1]) if argument == "--lang"]
    use_language(asked[-1] if asked and asked[-1] in LANGUAGES else language_of())


def use_language(language: str) -> None:
    """Switches all texts to `language`, one of `LANGUAGES`. English needs no catalogue."""
    global _catalogue, _language
    compiled = None if language == "en" else pkgutil.get_data("installer", f"locale/{language}.mo")
    _catalogue = gettext.GNUTranslations(io.BytesIO(compiled)) if compiled else gettext.NullTranslations()
    _language = language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Switches all texts to `language` while the body runs; used for documents written in each language."""
    before = _language
    use_language(language)
    try:
        yield
    finally:
        use_language(before)


def language() -> str:
    """Returns the language in use, one of `LANGUAGES`."""
    return _language


def language_of(environment: Mapping[str, str] = os.environ) -> str:
    """Returns the language that the environment selects, by the variables and order of gettext."""
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        asked = environment.get(variable, "")[:2].lower()
        if asked:
            return asked if asked in LANGUAGES else "en"
    return "en"


def _(message: str, **values: object) -> str:
    """Translates `message` into the language in use and fills in `values`."""
    translated = _catalogue.gettext(message)
    return translated.format(**values) if values else translated


def ngettext(singular: str, plural: str, count: int, **values: object) -> str:
    """Translates the singular or plural message by `count`, which is filled in as `{count}`."""
    return _catalogue.ngettext(singular, plural, count).format(count=count, **values)
