"""Keeping the ledger of what goes out equal to the things themselves."""

from collaborative.outputs.services.addresses import once_had
from collaborative.outputs.services.keeping import forget, keep
from collaborative.outputs.services.repair import drift, rebuild

__all__ = ["drift", "forget", "keep", "once_had", "rebuild"]
