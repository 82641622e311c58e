"""Which layers an engine holds goes by what they stand on."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from installer.bundle.images.chains import all_chains, chain_ids, layers_to_leave_out

A, B, C, D = (f"sha256:{letter * 64}" for letter in "abcd")

stacks = st.lists(st.sampled_from([A, B, C, D]), max_size=5)


def test_a_chain_id_is_the_digest_of_the_chain_below_and_the_layer() -> None:
    on_top = f"sha256:{hashlib.sha256(f'{A} {B}'.encode()).hexdigest()}"
    highest = f"sha256:{hashlib.sha256(f'{on_top} {C}'.encode()).hexdigest()}"
    assert chain_ids((A, B, C)) == (A, on_top, highest)


def test_a_layer_on_known_foundations_everywhere_is_left_out() -> None:
    assert layers_to_leave_out([(A, B), (A, B, C)], all_chains([(A, B)])) == (A, B)


def test_a_layer_that_stands_on_something_else_in_one_image_is_needed() -> None:
    assert layers_to_leave_out([(A, B), (C, B)], all_chains([(A, B)])) == (A,)


def test_a_layer_that_comes_twice_in_one_image_counts_at_both_places() -> None:
    assert layers_to_leave_out([(A, B, A)], all_chains([(A, B)])) == (B,)
    assert layers_to_leave_out([(A, B, A)], all_chains([(A, B, A)])) == (A, B)


@given(st.lists(stacks), st.lists(stacks))
def test_what_is_left_out_is_there_at_every_place(images: list[list[str]], base: list[list[str]]) -> None:
    there = all_chains(base)
    left_out = layers_to_leave_out(images, there)
    for diff_ids in images:
        for diff_id, chain in zip(diff_ids, chain_ids(diff_ids), strict=True):
            assert diff_id not in left_out or chain in there
    assert layers_to_leave_out(base, there) == tuple(dict.fromkeys(one for stack in base for one in stack))
