"""The forms of evidence: a request into clean values."""
