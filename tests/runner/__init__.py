"""What ``bin/test`` and ``bin/bench`` run inside .venv: checks, then the tests on both engines."""
