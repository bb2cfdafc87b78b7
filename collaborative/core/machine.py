"""What the machine has beside Python."""

import ctypes

PANGO = ("libpangoft2-1.0.so.0", "libpangoft2-1.0.0.dylib", "libpangoft2-1.0-0.dll")
NO_PANGO = (
    "The library Pango is not on this machine, so no PDFs of reviews are made; everything else works. "
    "On Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)


def has_pango(names=PANGO):
    """Say whether Pango, which lays out PDFs, is on this machine."""
    for name in names:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    return False
