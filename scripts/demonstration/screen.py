"""Shows the demo on the screen, and counts its claims."""


class Screen:
    """Prints chapters, commands and claims; remembers false claims."""

    def __init__(self) -> None:
        self.claims = 0
        self.lines: list[str] = []
        self.false_claims: list[str] = []

    def chapter(self, title: str) -> None:
        self._show("", f"== {title}")

    def command(self, where: str, line: str) -> None:
        self._show("", f"{where}$ {line}")

    def output(self, text: str) -> None:
        self._show(*text.splitlines())

    def claim(self, sentence: str, is_true: bool, found: object = "") -> None:
        """Shows a claim and whether it is true; `found` is shown if it is false."""
        self.claims += 1
        self._show(f"  {'✓' if is_true else '✗'} {sentence}")
        if not is_true:
            self.false_claims.append(sentence)
            self._show(f"    found: {found}")

    def verdict(self) -> int:
        """Shows the last lines, and returns the exit code: 0 if every claim was true."""
        self._show("", *(f"  ✗ {sentence}" for sentence in self.false_claims))
        self._show(f"{self.claims} claims checked, {len(self.false_claims)} false")
        return 1 if self.false_claims else 0

    def chapters(self, *titles: str) -> str:
        """Returns the lines shown under these titles."""
        chosen, wanted = [], False
        for line in self.lines:
            wanted = line.removeprefix("== ") in titles if line.startswith("== ") else wanted
            chosen += [line] if wanted else []
        return "\n".join(chosen)

    def _show(self, *lines: str) -> None:
        for line in lines:
            print(line, flush=True)
            self.lines.append(line)
