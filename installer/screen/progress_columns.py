"""Columns of a progress bar that tell bytes as all our texts do, in binary thousands."""

from rich.progress import ProgressColumn, Task
from rich.text import Text

from installer.screen.progress import size


class Amount(ProgressColumn):
    """How much is done, of how much."""

    def render(self, task: Task) -> Text:
        """Such as `1.5 MiB / 3.0 GiB`."""
        done = size(int(task.completed))
        return Text(done if task.total is None else f"{done} / {size(int(task.total))}", "progress.download")


class Rate(ProgressColumn):
    """How fast it goes; nothing while that is not known."""

    def render(self, task: Task) -> Text:
        """Such as `12.3 MiB/s`."""
        rate = task.finished_speed or task.speed
        return Text("" if rate is None else f"{size(int(rate))}/s", "progress.data.speed")
