"""What the commands in ``bin/`` say on a machine that lacks something: one clear sentence each."""

import os
import subprocess
import sys

import pytest

from tests.processes.test_serve import Copy
from tests.runner.servers import temporary_folder


@pytest.fixture(scope="module")
def bare():
    """A clean copy that is never installed."""
    with temporary_folder("bare") as folder:
        folder.chmod(0o755)
        yield Copy(folder)


def program(copy, name, text):
    """Write a small program that stands for another Python; return its path."""
    path = copy.home / name
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


def test_a_python_that_is_too_old_is_one_sentence(bare):
    old = program(bare, "old-python", '#!/bin/sh\ncase "$2" in *print*) echo 3.9 ;; *) exit 1 ;; esac\n')
    sentence = f"Python 3.11 to 3.14 is needed and {old} here is 3.9; install one, or name it: PYTHON="
    code, line = bare.says(PYTHON=old)
    assert (code, line.startswith(sentence)) == (1, True)


def test_no_python_at_all_is_the_same_sentence(bare):
    code, line = bare.says(PYTHON="/nowhere/python3")
    assert (code, "Python 3.11 to 3.14 is needed and /nowhere/python3 here is none" in line) == (1, True)


def test_a_missing_venv_module_is_one_sentence(bare):
    (bare.home / "sitecustomize.py").write_text('import sys\nsys.modules["ensurepip"] = None\n')
    code, line = bare.says(PYTHONPATH=str(bare.home))
    assert (code, "has no venv module; install it" in line) == (1, True)
    assert not (bare.folder / ".venv").exists()


def test_a_project_folder_that_cannot_be_written_to_is_one_sentence(bare):
    bare.folder.chmod(0o555)
    sentence = f"The folder {bare.folder} cannot be written to by this account; copy the project to one that can."
    try:
        assert bare.says() == (1, sentence)
    finally:
        bare.folder.chmod(0o755)


def test_packages_that_cannot_be_fetched_are_one_sentence(bare):
    code, line = bare.says(PIP_NO_INDEX="1", PIP_FIND_LINKS=str(bare.home), PIP_EXTRA_INDEX_URL="")
    assert (code, line.startswith("The packages of requirements.txt could not be installed: ")) == (1, True)


@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="only root can make a small disk")
def test_a_full_disk_is_one_sentence(bare):
    small = bare.home / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", small], capture_output=True).returncode:
        pytest.skip("this machine lets nobody make a small disk")
    try:
        copy = Copy(small)
        code, line = copy.says()
        assert (code, line.startswith(f"The disk that holds {copy.folder} has ")) == (1, True)
    finally:
        subprocess.run(["umount", "--lazy", small], check=True)
