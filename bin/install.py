"""Makes .venv and installs the named requirement files into it, when they have changed.

Run by the commands beside it with whatever Python the machine has, so it uses the standard library
alone. Every failure is one sentence and exit code 1.
"""

import errno
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "installed"
ROOM_NEEDED = 600 * 1024**2
"""Bytes that an installation takes at most, the tests' browser driver and the HTML checker with its Java included."""


class Stopped(Exception):
    """Something that only the person at the keyboard can put right; its text says what."""


def main(names):
    """Install what ``names`` list; return the exit code."""
    try:
        with one_at_a_time():
            make_venv()
            for name in names:
                install(ROOT / name)
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        print(sentence_for(error), file=sys.stderr)
        return 1
    return 0


@contextmanager
def one_at_a_time():
    """Wait while another command installs into the same folder."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def make_venv():
    """Make .venv, or make it anew when its Python no longer runs."""
    if PYTHON.exists() and runs(PYTHON):
        return
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise Stopped(
            f"Python at {sys.executable} has no venv module; install it (on Debian and Ubuntu: "
            "apt install python3-venv) and start again."
        )
    check_room()
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
    if made.returncode:
        raise Stopped(reason(made.stdout + made.stderr, "The folder .venv could not be made"))


def runs(python):
    """Say whether this Python starts and is one that the portal runs on."""
    test = "import sys, pip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))"
    return subprocess.run([python, "-c", test], capture_output=True).returncode == 0


def install(requirements):
    """Install a requirements file unless this very file has been installed before."""
    stamp = STAMPS / requirements.relative_to(ROOT).as_posix().replace("/", "-")
    mark = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == mark:
        return
    check_room()
    print(f"Installing {requirements.relative_to(ROOT)} into .venv…", flush=True)
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    done = subprocess.run([*command, "-r", requirements], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise Stopped(reason(done.stdout + done.stderr, f"The packages of {requirements.name} could not be installed"))
    STAMPS.mkdir(exist_ok=True)
    stamp.write_text(mark)


def check_room():
    """Raise ``Stopped`` when the folder cannot be written to or its disk is nearly full."""
    with tempfile.TemporaryFile(dir=ROOT):
        pass
    free = shutil.disk_usage(ROOT).free
    if free < ROOM_NEEDED:
        raise Stopped(
            f"The disk that holds {ROOT} has {free // 1024**2} MB left; "
            f"an installation needs {ROOM_NEEDED // 1024**2} MB."
        )


def reason(output, what):
    """Return one sentence from a tool's output: what failed, and the tool's own last word."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    if any("No space left on device" in line for line in lines):
        return f"The disk that holds {ROOT} is full."
    errors = [line.split("ERROR:", 1)[1].strip() for line in lines if "ERROR:" in line]
    last = (errors or lines or ["it gave no reason"])[-1]
    return f"{what}: {last}"


def sentence_for(error):
    """Return one sentence for what the file system refused."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk that holds {ROOT} is full."
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return f"The folder {ROOT} cannot be written to by this account; copy the project to one that can."
    return f"The installation stopped: {error}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
