"""Updates the message catalogues from the code, and lists untranslated messages."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from catalogues import LOCALES, forms, messages_of_the_code


def main() -> int:
    template = Catalog(project="Airlock", charset="utf-8")
    for file, message in messages_of_the_code():
        template.add(message, locations=[(file, 0)])
    missing = sum(update(path, template) for path in sorted(LOCALES.glob("*.po")))
    return 1 if missing else 0


def update(path: Path, template: Catalog) -> int:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem)
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)  # no change, no diff
    catalogue.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, include_lineno=False, sort_output=True)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)
    missing = [message.id for message in catalogue if message.id and not all(forms(message.string or ""))]
    for text in missing:
        print(f"{path.name}: {text}")
    return len(missing)


if __name__ == "__main__":
    sys.exit(main())
