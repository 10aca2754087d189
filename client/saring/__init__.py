"""Client of Saring, the service that flags injected lines in scraped articles."""

from saring.client import Client
from saring.errors import ProblemError
from saring.verdicts import FlaggedLine, Reason, Verdict

__all__ = ["Client", "FlaggedLine", "ProblemError", "Reason", "Verdict"]
