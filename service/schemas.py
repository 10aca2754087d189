"""What requests hold and what answers look like: the models that validate, and that `/openapi.json` is made from."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel, model_validator


def _check_fit(value: str) -> str:
    """Lone surrogates cannot be written in UTF-8, and many a store takes no NUL; `model.Article` says the same of its text."""
    if "\0" in value:
        raise ValueError(f"holds a NUL character at offset {value.index(chr(0))}")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ValueError(f"holds a lone surrogate at offset {error.start}") from None
    return value


Fit = Annotated[str, AfterValidator(_check_fit), Field(json_schema_extra={"pattern": "^[^\\u0000]*$"})]

Threshold = Annotated[float, Field(ge=0, le=1)]


class ArticleIn(BaseModel):
    """An article to judge."""

    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

    text: Fit = Field(description="The text; its lines are judged.", examples=["Harga beras naik.\nsbobet wap"])
    id: Fit | None = Field(None, description="A name of your own; the verdict bears it.", examples=["a-1"])
    url: Fit | None = Field(None, description="Where the article was found.")
    lang: Fit | None = Field(None, description="Its language.", examples=["id"])
    threshold: Threshold | None = Field(None, description="Flag lines from this score on instead of the model's threshold.")


class Row(ArticleIn):
    """An article in a file of the caller's, whose other fields are the caller's own."""

    model_config = ConfigDict(extra="ignore")


class BatchIn(BaseModel):
    """Articles to judge in one request."""

    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

    articles: list[ArticleIn]


class Submitted(RootModel[ArticleIn | BatchIn]):
    """One article, or several."""


class ModelInfo(BaseModel):
    """Which model spoke."""

    name: str
    version: str


class Reason(BaseModel):
    """Why a line was flagged."""

    code: str = Field(description="A stable name of the reason.")
    message: str = Field(description="The reason in words.")
    span: tuple[int, int] = Field((0, 0), description="What it points at, in code points of the text; absent where it is no one place.")


class FlaggedLine(BaseModel):
    """A flagged line. All offsets count Unicode code points of the text that was sent, the end exclusive."""

    number: int = Field(ge=1, description="Lines are counted from 1, blank ones too.")
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str
    label: str = Field(examples=["gambling", "promotion"])
    score: float = Field(ge=0, le=1, description="Probability that the line holds injected text.")
    spans: list[tuple[int, int]] = Field(description="The injected part of the line.")
    reasons: list[Reason]


class Verdict(BaseModel):
    """What the model says of one article."""

    id: str | None
    flagged: bool = Field(description="Whether any line reached the threshold.")
    score: float = Field(ge=0, le=1, description="The highest score of any line.")
    threshold: Threshold
    line_count: int = Field(ge=0)
    lines: list[FlaggedLine] = Field(description="The flagged lines, in order.")
    clean_text: str = Field(description="The text without the spans.")
    model: ModelInfo


class Results(BaseModel):
    """One verdict for each article, in order."""

    results: list[Verdict]


class Judged(RootModel[Verdict | Results]):
    """The verdict on one article, or on each of several."""


class Fault(BaseModel):
    """One thing that is wrong with a request."""

    pointer: str = Field(description="JSON pointer (RFC 6901) to what is at fault; empty for the whole.")
    detail: str


class Problem(BaseModel):
    """Problem details (RFC 9457)."""

    type: str = Field(
        description="A stable URI of the kind of problem; docs/api.md lists them.",
        json_schema_extra={"format": "uri", "examples": ["urn:saring:problem:invalid"]},
    )
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    instance: str = Field(
        "",
        description="The id of the request, as in X-Request-ID.",
        json_schema_extra={"format": "uri", "examples": ["urn:saring:request:a-1"]},
    )
    errors: list[Fault] = Field([], description="Every fault of a request that does not validate.")


class FeedbackIn(BaseModel):
    """What a program knows of a line: give ``id`` or ``text``, and ``line`` or ``span``."""

    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

    id: Fit | None = Field(None, description="The id under which the article was judged.", examples=["a-1"])
    text: Fit | None = Field(None, description="Its text: an article that is not stored is judged and stored.")
    line: int | None = Field(None, ge=1, description="Number of the line, from 1.", examples=[2])
    span: Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=2, max_length=2)] | None = Field(
        None, description="Start and end of the part that is meant, in code points of the text."
    )
    label: Literal["gambling", "promotion", "clean"] = Field(description="What the line is; clean: nothing is injected.")

    @model_validator(mode="after")
    def _check(self) -> FeedbackIn:
        if self.id is None and self.text is None:
            raise ValueError("give the id or the text of the article")
        if (self.line is None) == (self.span is None):
            raise ValueError("give either the line or the span")
        if self.span is not None and self.span[0] >= self.span[1]:
            raise ValueError("the span ends before it starts")
        return self


class FeedbackKept(BaseModel):
    """What was kept."""

    article: int = Field(description="Number of the article in the store.")
    lines: int = Field(description="How many lines this decided; none if they were decided so before.")
    label: str


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"]


class Ready(BaseModel):
    """The service can do its work."""

    status: Literal["ready", "unready"]
    model: str = Field(description="Version of the model in use.")
    checks: dict[str, str] = Field({}, description="`ok`, or what is wrong, for each thing that the service needs.")


class ModelDescription(BaseModel):
    """The model in use."""

    name: str
    version: str
    created: str
    line_count: int
    threshold: float
    data_digest: str
    figures: dict[str, Any] = Field(description="What training measured out of fold.")


class DriftDescription(BaseModel):
    """How far recent articles have moved from those of training time; null where that is not known."""

    verdict: str = Field(description="In one sentence, whether retraining is due.")
    due: bool | None
    hours: int = Field(description="For how many hours an article is recent.")
    articles: int = Field(description="Recent articles that were counted.")
    scores: float | None = Field(description="Population stability index of the highest scores of articles.")
    languages: float | None = Field(description="The same of the languages that callers named.")
    flagged: float | None = Field(description="Change of the share of lines that are flagged.")
    unknown_words: float | None = Field(description="Change of the share of words that the model does not know.")
    disguised: float | None = Field(description="Change of the share of segments with a disguised word.")
