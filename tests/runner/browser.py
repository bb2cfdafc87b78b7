"""Finding the machine's Chromium."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def chromium():
    """Return the path of a Chromium, ``CHROMIUM`` from the environment first; None when there is none."""
    given = os.environ.get("CHROMIUM")
    if given:
        return shutil.which(given)
    found = (shutil.which(name) for name in NAMES)
    return next(filter(None, found), None) or next(filter(os.path.exists, APPLICATIONS), None)


def flags():
    """Return the switches that keep Chromium quiet, offline and, for root, startable."""
    quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    quiet += ["--disable-component-update", "--disable-sync"]
    container = Path("/.dockerenv").exists()
    return [*quiet, "--no-sandbox", "--disable-dev-shm-usage"] if os.geteuid() == 0 or container else quiet
