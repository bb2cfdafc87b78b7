"""How a log line looks: fixed words, then the ids it was given."""

import logging

STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class LineFormatter(logging.Formatter):
    """One line: time, level, logger, words, then ``key=value`` for each extra."""

    def __init__(self):
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record):
        """Return the record as a line; extras are appended before any traceback."""
        extras = {k: v for k, v in vars(record).items() if k not in STANDARD and k not in ("request", "response")}
        line = super().format(record)
        if not extras:
            return line
        head, newline, rest = line.partition("\n")
        return f"{head} {' '.join(f'{k}={v}' for k, v in sorted(extras.items()))}{newline}{rest}"
