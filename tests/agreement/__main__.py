"""Writes the catalogue of codes into docs/lint.md: `scripts/judge --catalogue`."""

from tests.agreement.document import DOCUMENT, catalogue, put_section

put_section(DOCUMENT, "codes", catalogue())
