"""Client of Saring, the service that flags injected lines in scraped articles."""

from saring.articles import Article
from saring.async_client import AsyncClient
from saring.client import Client
from saring.errors import AnswerError, Fault, Problem, ProblemError, SaringError, UnreachableError
from saring.retries import Retries
from saring.verdicts import FlaggedLine, Model, Reason, Rejected, Span, Verdict

__all__ = [
    "AnswerError",
    "Article",
    "AsyncClient",
    "Client",
    "Fault",
    "FlaggedLine",
    "Model",
    "Problem",
    "ProblemError",
    "Reason",
    "Rejected",
    "Retries",
    "SaringError",
    "Span",
    "UnreachableError",
    "Verdict",
]
