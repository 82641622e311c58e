"""A secret is a type of its own: it prints itself as `***` and is shown only on purpose."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Secret:
    """A password or key. Travels by environment of a child, file or descriptor; never in argv."""

    _value: str = field(repr=False)

    def reveal(self) -> str:
        """The secret itself; call it only where it is handed over."""
        return self._value

    def __str__(self) -> str:
        return "***"

    def __repr__(self) -> str:
        return "Secret(***)"
