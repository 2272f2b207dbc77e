import subprocess
import sys
from pathlib import Path

from tests import torture

ROOT = Path(torture.__file__).parents[1]


def test_after_fifty_kills_the_next_run_comes_to_the_tree_of_an_undisturbed_one() -> None:
    command = [sys.executable, "-m", "tests.torture", "50", "--forks"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "50 kills, 0 whose next run made another tree\n"), done.stderr


def test_a_kill_that_is_not_mended_would_be_told(tmp_path: Path) -> None:
    (tmp_path / "same").mkdir()
    expected = torture.tree(tmp_path)
    (tmp_path / "same" / ".building-1").mkdir()
    found = torture.tree(tmp_path)
    assert torture.difference(found, expected) == "too many: same/.building-1"
    assert torture.difference(expected, found) == "missing: same/.building-1"
    assert torture.difference(expected, expected) == ""
