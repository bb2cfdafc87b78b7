"""What is done with projects: the only code that writes them."""

from projects.services.deciding import decide, run, stop
from projects.services.joining import answer, ask, take_back
from projects.services.proposing import propose, revise, submit, withdraw

__all__ = ["answer", "ask", "decide", "propose", "revise", "run", "stop", "submit", "take_back", "withdraw"]
