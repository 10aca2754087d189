"""Labelled data in, a model out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from threadpoolctl import threadpool_limits

from model import Article, Classifier
from model.features import NAMES
from training.__main__ import main
from training.commands.common import SEEDS
from training.data import LabelledArticle, read_labelled
from training.errors import DataError
from training.estimator import InjectionClassifier
from training.judge import Shape, fit_trees


@pytest.fixture(scope="module")
def some_seeds() -> list[LabelledArticle]:
    """A tenth of the seeds, whole groups of it."""
    seeds = read_labelled([SEEDS])
    groups = sorted({seed.group for seed in seeds})[::10]
    return [seed for seed in seeds if seed.group in set(groups)]


@pytest.fixture(scope="module")
def fitted(some_seeds: list[LabelledArticle]) -> InjectionClassifier:
    return InjectionClassifier(folds=3, copies=2, variants=1).fit(some_seeds)


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    elif path.suffix == ".csv":
        pd.DataFrame(rows).to_csv(path, index=False)
    else:
        pd.DataFrame(rows).to_parquet(path)
    return path


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_labelled_lines_are_read_from_every_format(tmp_path: Path, suffix: str) -> None:
    rows: list[dict[str, object]] = [
        {"text": "sbobet wap", "label": "gambling", "lang": "id", "group": "sbobet"},
        {"text": 'Harga "beras", naik\nlagi', "label": "clean", "lang": "id", "group": "beras"},
    ]
    first, second = read_labelled([write(tmp_path / f"lines{suffix}", rows)])
    assert (first.text, first.label, first.lang, first.group) == ("sbobet wap", "gambling", "id", "sbobet")
    assert [(span.start, span.end) for span in first.spans] == [(0, 10)]
    assert (second.text, second.is_clean) == ('Harga "beras", naik\nlagi', True)


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_articles_with_spans_are_read(tmp_path: Path, suffix: str) -> None:
    row = {"id": "a", "lang": "id", "kind": "injected", "text": "Satu.\nslot", "spans": json.dumps([[6, 10, "gambling"]])}
    (article,) = read_labelled([write(tmp_path / f"articles{suffix}", [row])])
    assert (article.id, article.kind, article.label) == ("a", "injected", "gambling")
    assert article.text[article.spans[0].start : article.spans[0].end] == "slot"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl", '{"text": "a", "label": "clean"}\n{', "row 2"),
        ("a.jsonl", '{"text": "a", "label": "ham"}', "row 1: label 'ham'"),
        ("a.jsonl", '{"text": " ", "label": "clean"}', "row 1: text is missing or blank"),
        ("a.jsonl", '{"text": "abc", "spans": [[1, 9, "gambling"]]}', "row 1: span"),
        ("a.csv", "sentence,label\na,clean\n", "needs a column text"),
        ("a.txt", "a", "not one of"),
    ],
)
def test_bad_data_is_named_with_file_and_row(tmp_path: Path, name: str, content: str, message: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=message) as caught:
        read_labelled([path])
    assert str(path) in str(caught.value)


def test_fitting_twice_gives_the_same_weights(some_seeds: list[LabelledArticle], fitted: InjectionClassifier) -> None:
    again = clone(fitted).fit(list(some_seeds))
    assert again.parameters_ == fitted.parameters_
    assert all(np.array_equal(again.tensors_[name], fitted.tensors_[name]) for name in fitted.tensors_)


def test_the_estimator_clones_and_validates(fitted: InjectionClassifier) -> None:
    copy = clone(fitted.set_params(c=3.0))
    assert copy.get_params() == fitted.get_params()
    assert not hasattr(copy, "classifier_")
    with pytest.raises(NotFittedError):
        copy.predict(["sbobet wap"])
    with pytest.raises(ValueError, match="none of gambling"):
        copy.fit(["a", "b"], ["clean", "clean"])
    with pytest.raises(ValueError, match="label 'ham'"):
        copy.fit(["a"], ["ham"])
    with pytest.raises(ValueError, match="2 texts and 1 labels"):
        copy.fit(["a", "b"], ["clean"])
    with pytest.raises(ValueError, match="bits must lie"):
        InjectionClassifier(bits=40).fit(["a"], ["clean"])


def test_probabilities_are_those_of_the_classifier(fitted: InjectionClassifier) -> None:
    texts = ["Daftar situs slot gacor maxwin hari ini", "Harga beras di pasar naik, kata pedagang.", "..."]
    probabilities = fitted.predict_proba(texts)
    assert probabilities.shape == (3, 3)
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert np.allclose(1 - probabilities[:, 0], [fitted.classifier_.classify(Article(text)).score for text in texts])
    assert list(fitted.predict(texts)[1:]) == ["clean", "clean"]
    assert list(fitted.classes_) == ["clean", "gambling", "promotion"]


def test_exported_trees_decide_as_scikit_learn_does() -> None:
    from sklearn.ensemble import HistGradientBoostingClassifier

    from training.judge import export

    random = np.random.default_rng(0)
    rows = random.normal(size=(500, 6)).astype(np.float32)  # as features are
    model = HistGradientBoostingClassifier(max_iter=20, random_state=0).fit(rows, rows[:, 0] * rows[:, 1] > 0)
    trees = export(model)
    assert np.allclose(trees.decide(rows), model.decision_function(rows))
    assert np.isclose(trees.explain(rows[0]).sum() + trees.value[trees.roots].sum() + trees.baseline, trees.decide(rows[:1])[0])


def test_the_commands_write_a_model_and_measure_it(tmp_path: Path, some_seeds: list[LabelledArticle]) -> None:
    runner = CliRunner()
    rows: list[dict[str, object]] = [
        {
            "id": seed.id,
            "text": seed.text,
            "lang": seed.lang,
            "kind": seed.kind,
            "group": seed.group,
            "spans": [[s.start, s.end, s.label] for s in seed.spans],
        }
        for seed in some_seeds
    ]
    data = write(tmp_path / "some.jsonl", rows)
    fit = runner.invoke(main, ["fit", str(data), "-o", str(tmp_path / "model"), "--keep-estimator", str(tmp_path / "estimator.joblib")])
    assert fit.exit_code == 0, fit.output
    manifest = Classifier.load(tmp_path / "model").manifest
    assert manifest.line_count >= len(some_seeds)
    assert (tmp_path / "estimator.joblib").exists()
    evaluate = runner.invoke(main, ["evaluate", str(data), "--model", str(tmp_path / "model")])
    assert evaluate.exit_code == 0
    assert "recall" in evaluate.output
    assert "false_alarms_per_1000" in evaluate.output


def test_bad_data_ends_the_command_with_2_and_one_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["fit", str(tmp_path / "absent.jsonl"), "-o", str(tmp_path / "model")])
    assert result.exit_code == 2
    assert "absent.jsonl" in result.output
    assert not (tmp_path / "model").exists()


def test_the_number_of_threads_changes_nothing() -> None:
    random = np.random.default_rng(0)
    features = random.normal(size=(20_000, len(NAMES)))
    spam = features[:, 0] + random.normal(size=20_000) > 1
    values = []
    for threads in (1, 2):
        with threadpool_limits(limits=threads, user_api="openmp"):
            values.append(fit_trees(features, spam, np.ones(20_000), Shape(trees=5), seed=0).value)
    np.testing.assert_array_equal(values[0], values[1])
