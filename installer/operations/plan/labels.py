"""Says which database a text is about, in a release with several."""

from collections.abc import Collection, Sequence


def label_among(service: str, databases: Collection[object]) -> str:
    """Returns what tells the database of a service from the others; empty if it is the only one."""
    return service if len(databases) > 1 else ""


def labelled(label: str, text: str) -> str:
    """Returns `text` after the label of its database; the text alone if the label is empty."""
    return f"{label}: {text}" if label else text


def in_one_line(texts: Sequence[tuple[str, str]]) -> str:
    """Joins the texts about each database, given with its label."""
    return "; ".join(labelled(label, text) for label, text in texts)
