"""Defines the error of the test bed, with a hint."""


class TestbedProblem(Exception):
    """An expected failure: what happened, and the next command to run."""

    __test__ = False  # the name would make pytest collect it

    def __init__(self, happened: str, hint: str = "") -> None:
        super().__init__(happened)
        self.happened = happened
        self.hint = hint

    def __str__(self) -> str:
        return "\n".join(line for line in (f"Error: {self.happened}", self.hint and f"→ {self.hint}") if line)
