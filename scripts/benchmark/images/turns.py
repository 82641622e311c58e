"""In which order measures are taken: what one leaves behind, a busy disk for instance, falls on the next."""

from collections.abc import Iterator, Sequence

PAUSES_BETWEEN_ROUNDS = 6  # who ends a round would weigh on who begins the next: always the same two


def in_turns(names: Sequence[str], rounds: int) -> Iterator[list[str]]:
    """The names once for each round; each comes right behind each other one equally often.

    That is so when the names are even in number and the rounds a multiple of it.
    E. J. Williams, Experimental designs balanced for the estimation of residual effects of treatments, 1949.
    """
    zigzag = [(step + 1) // 2 if step % 2 else -(step // 2) for step in range(len(names))]
    for number in range(rounds):
        yield [names[(place + number) % len(names)] for place in zigzag]
