"""Orders measures fairly: the after-effects of one, such as a busy disk, slow down the next."""

from collections.abc import Iterator, Sequence

PAUSES_BETWEEN_ROUNDS = 6  # the last of a round would slow down the first of the next: always the same two


def in_turns(names: Sequence[str], rounds: int) -> Iterator[list[str]]:
    """Yields the names in an order for each round; each directly follows each other one equally often.

    This holds if the number of names is even and the number of rounds is a multiple of it.
    E. J. Williams, Experimental designs balanced for the estimation of residual effects of treatments, 1949.
    """
    zigzag = [(step + 1) // 2 if step % 2 else -(step // 2) for step in range(len(names))]
    for number in range(rounds):
        yield [names[(place + number) % len(names)] for place in zigzag]
