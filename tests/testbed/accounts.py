"""What a run of tests can say for itself: how many ran, and how many of them met the real thing."""

from collections import Counter

import pytest


class Account:
    """A pytest plugin that counts and, after everything else, prints one plain last line."""

    def __init__(self) -> None:
        self._outcomes: Counter[str] = Counter()
        self._ran: Counter[str] = Counter()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item):  # type: ignore[no-untyped-def]
        report: pytest.TestReport = (yield).get_result()
        if report.when == "call" or report.outcome != "passed":
            self._count(item, report)

    def _count(self, item: pytest.Item, report: pytest.TestReport) -> None:
        self._outcomes[report.outcome] += 1
        if report.outcome != "skipped":
            self._ran.update(name for name in ("engine", "database") if item.get_closest_marker(name))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._outcomes["failed"] += report.failed

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self, config: pytest.Config) -> None:
        terminal = config.pluginmanager.get_plugin("terminalreporter")
        if terminal and not config.option.collectonly:
            for line in self.lines():
                terminal.write_line(line)

    def lines(self) -> tuple[str, ...]:
        """The account, the line with the verdict last."""
        passed, failed, skipped = (self._outcomes[name] for name in ("passed", "failed", "skipped"))
        return (
            f"{passed + failed} tests ran: {self._ran['engine']} on a real Docker engine, "
            f"{self._ran['database']} of these with a real database server",
            f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""),
        )
