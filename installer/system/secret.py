"""Defines the type of secrets, which print as `***` and are revealed only explicitly."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Secret:
    """A password or key. Pass it by environment of a child, file or descriptor; never in argv."""

    _value: str = field(repr=False)

    def reveal(self) -> str:
        """Returns the secret itself; call it only where it is passed on."""
        return self._value

    def __str__(self) -> str:
        return "***"

    def __repr__(self) -> str:
        return "Secret(***)"
