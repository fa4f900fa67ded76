"""Writes are whole or absent, keep what the file had, and never undo somebody else's change."""

from __future__ import annotations

import fcntl
import os
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rewriter.errors import FileChangedError, FileError
from rewriter.files import atomic

NOBODY = 65534


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob(".rewriter-*")]


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that every user may enter and write to: pytest's own are closed to other users."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        path.chmod(0o777)
        yield path


def as_a_common_user(folder: Path, action: Callable[[], None]) -> str:
    """Do something in a child process that is not root; returns what its FileError says."""
    child = os.fork()
    if child == 0:
        said = folder / "said"
        descriptor = os.open(said, os.O_CREAT | os.O_WRONLY, 0o600)
        try:
            if os.getuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            action()
        except FileError as error:
            os.write(descriptor, str(error).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    return (folder / "said").read_text()


# --- writing -----------------------------------------------------------------------------------


def test_a_new_file_honours_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        atomic.write(tmp_path / "a" / "b.md", b"text")
        atomic.create(tmp_path / "c.md", b"text")
    finally:
        os.umask(before)
    for path in (tmp_path / "a" / "b.md", tmp_path / "c.md"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        assert path.read_bytes() == b"text"
    assert not leftovers(tmp_path)


@pytest.mark.parametrize("write", ["write", "replace"])
def test_an_existing_file_keeps_mode_and_owner(tmp_path: Path, write: str) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"old")
    path.chmod(0o604)
    if os.getuid() == 0:
        os.chown(path, NOBODY, NOBODY)
    before = path.stat()
    if write == "write":
        atomic.write(path, b"new")
    else:
        atomic.replace(path, b"new", b"old")
    after = path.stat()
    assert path.read_bytes() == b"new"
    assert (after.st_mode, after.st_uid, after.st_gid) == (
        before.st_mode,
        before.st_uid,
        before.st_gid,
    )


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.md").write_bytes(b"old")
    link = tmp_path / "link.md"
    link.symlink_to("real/a.md")
    atomic.replace(link, b"new", b"old")
    assert link.is_symlink()
    assert (tmp_path / "real" / "a.md").read_bytes() == b"new"
    atomic.write(link, b"newer")
    assert link.readlink() == Path("real/a.md")
    assert link.read_bytes() == b"newer"


def test_a_loop_of_links_is_refused(tmp_path: Path) -> None:
    loop = tmp_path / "loop.md"
    loop.symlink_to("loop.md")
    with pytest.raises(FileError, match=r"loop\.md: Too many levels of symbolic links"):
        atomic.write(loop, b"x")
    with pytest.raises(FileError, match=r"loop\.md: Too many levels of symbolic links"):
        atomic.replace(loop, b"x", b"y")
    assert loop.is_symlink()


def test_the_longest_name_is_written(tmp_path: Path) -> None:
    path = tmp_path / ("ü" * 126 + ".md")
    atomic.create(path, b"old")
    atomic.replace(path, b"new", b"old")
    assert path.read_bytes() == b"new"


# --- compare and swap ----------------------------------------------------------------------------


def test_a_file_that_changed_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"theirs")
    with pytest.raises(FileChangedError, match=r"a\.md: the file changed since it was read"):
        atomic.replace(path, b"ours", b"old")
    assert path.read_bytes() == b"theirs"
    assert not leftovers(tmp_path)


def test_a_digest_stands_for_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"old")
    atomic.replace(path, b"new", atomic.digest(b"old"))
    assert path.read_bytes() == b"new"


def test_a_file_that_vanished_is_not_made_anew(tmp_path: Path) -> None:
    with pytest.raises(FileChangedError, match="vanished"):
        atomic.replace(tmp_path / "a.md", b"new", b"old")
    assert not list(tmp_path.iterdir())


def test_a_file_that_came_up_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"theirs")
    with pytest.raises(FileChangedError, match="by now"):
        atomic.create(path, b"ours")
    assert path.read_bytes() == b"theirs"


def test_while_another_writes_the_file_we_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"old")
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(FileChangedError, match="another process is writing"):
            atomic.replace(path, b"new", b"old")
    assert path.read_bytes() == b"old"
    atomic.replace(path, b"new", b"old")


@pytest.mark.parametrize("exists", [True, False])
def test_of_many_writers_exactly_one_wins(tmp_path: Path, exists: bool) -> None:
    def write(path: Path, text: bytes, start: threading.Barrier) -> bytes | None:
        start.wait()
        try:
            atomic.replace(path, text, b"old") if exists else atomic.create(path, text)
        except FileChangedError:
            return None
        return text

    with ThreadPoolExecutor(8) as pool:
        for number in range(20):
            path = tmp_path / f"{number}.md"
            if exists:
                path.write_bytes(b"old")
            start = threading.Barrier(8)
            tries = [pool.submit(write, path, b"%d" % n, start) for n in range(8)]
            written = [text for future in tries if (text := future.result()) is not None]
            assert written == [path.read_bytes()]


# --- what stands in the way ----------------------------------------------------------------------


def test_a_read_only_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(FileError, match=r"a\.md: the file is read-only"):
        atomic.replace(path, b"new", b"old")
    assert path.read_bytes() == b"old"


def test_a_read_only_folder_is_a_clear_error(shared: Path) -> None:
    folder = shared / "folder"
    folder.mkdir()
    (folder / "a.md").write_bytes(b"old")
    (folder / "a.md").chmod(0o666)
    folder.chmod(0o555)
    said = as_a_common_user(shared, lambda: atomic.replace(folder / "a.md", b"new", b"old"))
    assert said == f"{folder / 'a.md'}: Permission denied; nothing was changed"
    assert (folder / "a.md").read_bytes() == b"old"


def test_an_owner_that_cannot_be_kept_is_a_clear_error(shared: Path) -> None:
    """Only root can give files away; without root every file here has our own owner."""
    path = shared / "a.md"
    path.write_bytes(b"old")
    path.chmod(0o666)
    said = as_a_common_user(shared, lambda: atomic.replace(path, b"new", b"old"))
    kept = (
        path.read_bytes() == b"old"
        and said == f"{path}: Operation not permitted; nothing was changed"
    )
    assert kept or (path.read_bytes() == b"new" and path.stat().st_uid == os.getuid() != 0)
    assert not leftovers(shared)


# Lets no file of the process grow beyond 4 KB, as a full disk would, and says what each write did.
# In a process of its own: this one may be writing its report to a file.
FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from rewriter.files import atomic
from rewriter.errors import FileError

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
old, new, big = Path("a.md"), Path("b.md"), b"x" * 10_000
for write in (
    lambda: atomic.replace(old, big, b"old"),
    lambda: atomic.write(old, big),
    lambda: atomic.create(new, big),
):
    try:
        write()
    except FileError as error:
        print(error)
"""


def test_a_disk_that_fills_up_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"old")
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    told = "File too large; nothing was changed"
    assert done.stdout.splitlines() == [f"a.md: {told}", f"a.md: {told}", f"b.md: {told}"]
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_in_the_file_s_place_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="Is a directory"):
        atomic.replace(tmp_path, b"x", b"y")
    with pytest.raises(FileError, match="Is a directory"):
        atomic.write(tmp_path, b"x")
    with pytest.raises(FileError, match="its folder has vanished, or takes no file"):
        atomic.write(Path("/proc/article.md"), b"x")


# --- what killed writers leave -------------------------------------------------------------------


def test_what_a_killed_writer_left_is_swept(tmp_path: Path) -> None:
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from rewriter.files import atomic\n"
        "os.fsync = lambda descriptor: os.kill(os.getpid(), 9)\n"
        "atomic.replace(Path(sys.argv[1]), b'new', b'old')\n"
    )
    path = tmp_path / "news" / "a.md"
    path.parent.mkdir()
    path.write_bytes(b"old")
    done = subprocess.run([sys.executable, "-c", script, path])
    assert done.returncode == -9
    assert len(leftovers(tmp_path)) == 1
    assert path.read_bytes() == b"old"
    assert [left.parent for left in atomic.sweep(tmp_path)] == [path.parent]
    assert not leftovers(tmp_path)


def test_a_living_writer_s_file_is_not_swept(tmp_path: Path) -> None:
    path = tmp_path / ".rewriter-0123456789abcdef.tmp"
    path.write_bytes(b"half")
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert atomic.sweep(tmp_path) == []
    assert atomic.sweep(tmp_path) == [path]


def test_files_of_others_are_not_swept(tmp_path: Path) -> None:
    for name in ("a.tmp", ".rewriter-notes.md", "rewriter-1.tmp", ".rewriter"):
        (tmp_path / name).write_bytes(b"")
    assert atomic.sweep(tmp_path) == []
    assert atomic.sweep(tmp_path / "missing") == []


def test_a_link_or_a_pipe_with_the_name_of_a_temporary_file_stops_no_sweep(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("a file of somebody else's")
    link, pipe = tmp_path / ".rewriter-0.tmp", tmp_path / ".rewriter-1.tmp"
    link.symlink_to(tmp_path / "victim")
    os.mkfifo(pipe)
    assert sorted(atomic.sweep(tmp_path)) == [link, pipe]
    assert [path.name for path in tmp_path.iterdir()] == ["victim"]


def test_a_result_with_a_name_that_is_too_long_is_told_before_it_is_paid_for(
    tmp_path: Path,
) -> None:
    with pytest.raises(FileError, match="File name too long"):
        atomic.refuse_unwritable(tmp_path / ("n" * 300))


def test_a_pipe_is_never_replaced_by_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileError, match="pipe: not a file"):
        atomic.write(tmp_path / "pipe", b"text")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]
