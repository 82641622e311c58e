"""What stands in the way of a test bed, and what to do about it."""


class TestbedProblem(Exception):
    """An expected failure: what happened, and the next thing to type."""

    __test__ = False  # the name would make pytest collect it

    def __init__(self, happened: str, hint: str = "") -> None:
        super().__init__(happened)
        self.happened = happened
        self.hint = hint

    def __str__(self) -> str:
        return "\n".join(line for line in (f"Error: {self.happened}", self.hint and f"→ {self.hint}") if line)
