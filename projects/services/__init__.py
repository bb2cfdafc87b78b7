"""What is done with projects: the only code that writes them."""

from projects.services.deciding import decide, run, stop
from projects.services.joining import answer, ask, take_back
from projects.services.keeping import locked
from projects.services.leaving import carry_parts, change_lead, end_lead, leave_organisation
from projects.services.proposing import propose, revise, submit, withdraw

__all__ = [
    "answer",
    "ask",
    "carry_parts",
    "change_lead",
    "decide",
    "end_lead",
    "leave_organisation",
    "locked",
    "propose",
    "revise",
    "run",
    "stop",
    "submit",
    "take_back",
    "withdraw",
]
