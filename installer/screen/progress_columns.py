"""Defines columns of a progress bar that show bytes like all other messages, in units of 1024."""

from rich.progress import ProgressColumn, Task
from rich.text import Text

from installer.screen.progress import size


class Amount(ProgressColumn):
    """The bytes done, and the total."""

    def render(self, task: Task) -> Text:
        """Returns a text such as `1.5 MiB / 3.0 GiB`."""
        done = size(int(task.completed))
        return Text(done if task.total is None else f"{done} / {size(int(task.total))}", "progress.download")


class Rate(ProgressColumn):
    """The rate; empty while it is unknown."""

    def render(self, task: Task) -> Text:
        """Returns a text such as `12.3 MiB/s`."""
        rate = task.finished_speed or task.speed
        return Text("" if rate is None else f"{size(int(rate))}/s", "progress.data.speed")
