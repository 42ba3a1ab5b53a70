"""Memory of the computer, and what a container leaves of it."""

from pathlib import Path

import psutil
import pytest

from app.machine.control_groups import MemoryLimit, core_limit, memory_limits
from app.machine.memory import Memory, limited_memory, read_memory
from tests.machine.system_tree import plant

GIB = 1 << 30
UNLIMITED_1 = str(9223372036854771712)
"""What version 1 writes for "no limit"."""


def test_without_a_limit_the_memory_is_the_computers() -> None:
    assert limited_memory(16 * GIB, 9 * GIB, [], is_guest=False) == Memory(16 * GIB, 9 * GIB)


def test_a_limit_above_the_memory_is_none() -> None:
    limits = [MemoryLimit(int(UNLIMITED_1), 5 * GIB)]
    assert limited_memory(16 * GIB, 9 * GIB, limits, is_guest=False) == Memory(16 * GIB, 9 * GIB)


def test_the_tightest_of_nested_limits_counts_for_each_number() -> None:
    limits = [MemoryLimit(8 * GIB, 7 * GIB), MemoryLimit(4 * GIB, GIB)]
    memory = limited_memory(64 * GIB, 50 * GIB, limits, is_guest=False)
    assert memory == Memory(4 * GIB, GIB, is_container=True)


def test_a_group_over_its_limit_has_nothing_left() -> None:
    memory = limited_memory(64 * GIB, 50 * GIB, [MemoryLimit(GIB, 2 * GIB)], is_guest=False)
    assert memory.available_bytes == 0


def test_version_2_counts_without_the_files_that_can_be_dropped(tmp_path: Path) -> None:
    group = "sys/fs/cgroup/user.slice/app.scope"
    plant(
        tmp_path,
        {
            "proc/self/cgroup": "0::/user.slice/app.scope",
            f"{group}/memory.max": str(4 * GIB),
            f"{group}/memory.high": "max",
            f"{group}/memory.current": str(3 * GIB),
            f"{group}/memory.stat": f"anon 100\nfile 300\ninactive_file {GIB}\nslab 5",
            "sys/fs/cgroup/user.slice/memory.max": "max",
            "sys/fs/cgroup/user.slice/memory.high": str(6 * GIB),
            "sys/fs/cgroup/user.slice/memory.current": str(5 * GIB),
        },
    )
    assert memory_limits(tmp_path) == [
        MemoryLimit(6 * GIB, 5 * GIB),
        MemoryLimit(4 * GIB, 2 * GIB),
    ]


def test_version_1_is_found_in_the_folder_of_its_controller(tmp_path: Path) -> None:
    group = "sys/fs/cgroup/memory/docker/abc"
    plant(
        tmp_path,
        {
            "proc/self/cgroup": "4:memory:/docker/abc\n1:cpu,cpuacct:/docker/abc\n0::/",
            f"{group}/memory.limit_in_bytes": str(2 * GIB),
            f"{group}/memory.usage_in_bytes": str(GIB),
            f"{group}/memory.stat": "inactive_file 4096\ntotal_inactive_file 8192",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": UNLIMITED_1,
            "sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us": "150000",
            "sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us": "100000",
            "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1",
            "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000",
        },
    )
    assert MemoryLimit(2 * GIB, GIB - 8192) in memory_limits(tmp_path)
    assert core_limit(tmp_path) == 1


def test_inside_a_container_the_path_may_be_the_hosts(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            "proc/self/cgroup": "4:memory:/docker/of-the-host",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": str(GIB),
            "sys/fs/cgroup/memory/memory.usage_in_bytes": "4096",
        },
    )
    assert memory_limits(tmp_path) == [MemoryLimit(GIB, 4096)]


@pytest.mark.parametrize(
    ("written", "n_cores"),
    [("400000 100000", 4), ("50000 100000", 1), ("max 100000", None), ("", None), ("8 0", None)],
)
def test_a_share_of_the_processors(tmp_path: Path, written: str, n_cores: int | None) -> None:
    plant(tmp_path, {"proc/self/cgroup": "0::/", "sys/fs/cgroup/cpu.max": written})
    assert core_limit(tmp_path) == n_cores


def test_a_system_without_control_groups_has_no_limits(tmp_path: Path) -> None:
    assert memory_limits(tmp_path) == []
    assert core_limit(tmp_path) is None


def test_the_container_of_chromeos_is_one_without_visible_limits(tmp_path: Path) -> None:
    plant(tmp_path, {"dev/.cros_milestone": "120"})
    assert read_memory(tmp_path).is_container


def test_this_computer_has_memory_and_not_more_than_there_is() -> None:
    memory = read_memory()
    assert 0 < memory.available_bytes <= memory.memory_bytes <= psutil.virtual_memory().total
