"""How long a service takes to its first answer, and how much memory it then holds."""

from __future__ import annotations

import subprocess
import sys

# The clock starts before Python does, so the child is told the time.
_CODE = """
import os, sys, time
from service.app import create_app
answer = create_app().test_client().post("/classify", json={"text": "Harga beras naik.\\nslot gacor88"})
assert answer.status_code == 200, answer.status_code
elapsed = time.time() - float(sys.argv[1])
resident = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmRSS")) / 1024
print(elapsed, resident, sorted({"sklearn", "scipy", "pandas"} & set(sys.modules)))
"""


def start_up() -> tuple[float, float]:
    """Return seconds from the start of Python to the first answer, and resident memory in MiB.

    Raises
    ------
    RuntimeError
        If a library of training was imported on the way.
    """
    import time

    answer = subprocess.run([sys.executable, "-c", _CODE, str(time.time())], capture_output=True, text=True, check=True).stdout.split(
        maxsplit=2
    )
    if answer[2].strip() != "[]":
        raise RuntimeError(f"serving imports {answer[2]}")
    return float(answer[0]), float(answer[1])
