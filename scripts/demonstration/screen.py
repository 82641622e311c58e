"""The demo's story on the screen, and the account of its claims."""

import sys


class Screen:
    """Prints chapters, commands and claims; remembers the claims that turned out to be false."""

    def __init__(self) -> None:
        self.claims = 0
        self.false_claims: list[str] = []

    def chapter(self, title: str) -> None:
        print(f"\n\033[1m== {title}\033[0m" if sys.stdout.isatty() else f"\n== {title}", flush=True)

    def command(self, where: str, line: str) -> None:
        print(f"\n{where}$ {line}", flush=True)

    def output(self, text: str) -> None:
        print(text, end="" if text.endswith("\n") else "\n", flush=True)

    def claim(self, sentence: str, is_true: bool, found: object = "") -> None:
        """Something the demo shows; `found` explains what is the case when it is not true."""
        self.claims += 1
        print(f"  {'✓' if is_true else '✗'} {sentence}", flush=True)
        if not is_true:
            self.false_claims.append(sentence)
            print(f"    found: {found}", flush=True)

    def verdict(self) -> int:
        """The last lines, and the exit code: 0 when every claim was true."""
        print(f"\n{self.claims} claims checked, {len(self.false_claims)} false")
        for sentence in self.false_claims:
            print(f"  ✗ {sentence}")
        return 1 if self.false_claims else 0
