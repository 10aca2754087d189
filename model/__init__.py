"""What a Saring model is: text in, lines with verdicts out.

Serving needs NumPy and safetensors only; scikit-learn and pandas are never imported from here.
"""

from model.artifact import ArtifactError, Manifest
from model.classifier import DEFAULT_MODEL, Classifier
from model.types import Article, Line, ModelInfo, Reason, Report, Span, Verdict

__all__ = [
    "DEFAULT_MODEL",
    "Article",
    "ArtifactError",
    "Classifier",
    "Line",
    "Manifest",
    "ModelInfo",
    "Reason",
    "Report",
    "Span",
    "Verdict",
]
