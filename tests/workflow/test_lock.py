import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from installer.errors import AnotherRunActive
from installer.workflow.lock import site_lock

HOLD = """
import sys, time
from pathlib import Path
from installer.workflow.lock import site_lock
with site_lock("vault", "import", Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def holder_in(folder: Path) -> "subprocess.Popen[bytes]":
    holder = subprocess.Popen((sys.executable, "-c", HOLD, str(folder)), stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    return holder


def test_a_second_run_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    holder = holder_in(tmp_path)
    with pytest.raises(AnotherRunActive) as refused, site_lock("vault", "rollback", tmp_path):
        pass
    holder.kill()
    holder.communicate()
    assert f"Process {holder.pid} has been at `import` since " in refused.value.details[0]


def test_the_lock_dies_with_its_process(tmp_path: Path) -> None:
    holder = holder_in(tmp_path)
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()
    with site_lock("vault", "import", tmp_path):
        pass


def test_two_applications_do_not_hinder_each_other(tmp_path: Path) -> None:
    with site_lock("vault", "import", tmp_path), site_lock("shop", "import", tmp_path):
        pass
