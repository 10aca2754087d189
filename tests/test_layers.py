"""Imports go one way: training → model ← service, and serving stays light."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def imported(package: str) -> set[str]:
    names: set[str] = set()
    for path in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                names.add(str(node.module).partition(".")[0])
    return names


@pytest.mark.parametrize(
    ("package", "forbidden"),
    [
        ("model", {"training", "service", "saring", "flask", "pandas", "sklearn", "scipy", "joblib", "pickle"}),
        ("training", {"service", "saring", "flask"}),
        ("service", {"training", "saring", "pandas", "sklearn", "scipy", "joblib", "pickle"}),
        ("client", {"training", "service", "model"}),
    ],
)
def test_imports_go_one_way(package: str, forbidden: set[str]) -> None:
    assert not imported(package) & forbidden


def test_serving_loads_nothing_of_training() -> None:
    code = (
        "import sys; from service.app import create_app; create_app().test_client().post('/classify', json={'text': 'slot gacor'});"
        "print(sorted({'sklearn', 'scipy', 'pandas', 'joblib'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert result.stdout.strip() == "[]"


def test_serving_without_a_database_loads_nothing_of_the_store() -> None:
    code = (
        "import sys; from service.app import create_app; create_app().test_client().get('/readyz');"
        "print(sorted({'sqlalchemy', 'alembic', 'psycopg', 'flask_wtf'} & set(sys.modules)))"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SARING_")}
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
    assert result.stdout.strip() == "[]"
