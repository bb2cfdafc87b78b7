"""A pytest plugin that writes down how many tests passed, failed and were skipped."""

import json
import os
from pathlib import Path


def pytest_terminal_summary(terminalreporter):
    """Write the counts to the file that ``PORTAL_TALLY`` names; errors count as failed."""
    stats = terminalreporter.stats
    counts = {
        "passed": len(stats.get("passed", [])) + len(stats.get("xfailed", [])),
        "failed": len(stats.get("failed", [])) + len(stats.get("error", [])) + len(stats.get("xpassed", [])),
        "skipped": len(stats.get("skipped", [])),
    }
    Path(os.environ["PORTAL_TALLY"]).write_text(json.dumps(counts))
