"""What an operator is told of a load that waits."""

import io

import pytest

from installer.errors import Refused
from installer.operations.images.silent_load import SilentLoad
from installer.screen.console import Console
from installer.system.process.other_loads import OtherLoad

FIRST = OtherLoad(4711, "docker load --input old.tar")
SECOND = OtherLoad(4712, "docker image load")
SILENT = (
    "The engine has been silent for {} seconds. It is unpacking images, or waits for another program that "
    "loads the same images. Airlock waits up to 60 minutes.\n"
)


def test_a_silence_is_told_once_with_what_it_may_mean() -> None:
    story = io.StringIO()
    silent = SilentLoad(Console(story=story), lambda: ())
    for seconds in (60, 120, 180):
        silent.told(seconds)
    assert story.getvalue() == SILENT.format(60)


def test_other_loads_are_named_with_what_ends_them_and_told_again_when_they_change() -> None:
    story, running = io.StringIO(), [FIRST, SECOND]
    silent = SilentLoad(Console(story=story), lambda: tuple(running))
    silent.told(60)
    silent.told(120)
    running.remove(SECOND)
    silent.told(180)
    assert story.getvalue() == (
        f"{SILENT.format(60)}"
        "Warning: Other programs are loading images: `docker load --input old.tar` (process 4711), "
        "`docker image load` (process 4712)\n"
        "If one of them hangs, end it: kill -9 PROCESS\n"
        f"{SILENT.format(180)}"
        "Warning: Other programs are loading images: `docker load --input old.tar` (process 4711)\n"
        "If one of them hangs, end it: kill -9 4711\n"
    )


@pytest.mark.parametrize(
    ("others", "details", "hint"),
    [
        ((), (), "Check the engine's disk and log, then run the command again."),
        (
            (FIRST,),
            ("Other programs are loading images: `docker load --input old.tar` (process 4711)",),
            "If one of them hangs, end it, then run the command again: kill -9 4711",
        ),
    ],
)
def test_after_an_hour_it_is_given_up(
    others: tuple[OtherLoad, ...], details: tuple[str, ...], hint: str
) -> None:
    with pytest.raises(Refused) as refused:
        SilentLoad(Console(story=io.StringIO()), lambda: others).told(3600)
    assert (refused.value.happened, refused.value.details, refused.value.hint) == (
        "The engine could not load the images.",
        ("It was silent for 60 minutes.", *details),
        hint,
    )
