"""`python -m model.kernel` compiles the kernel."""

import subprocess
import sys

from model.kernel.build import build

try:
    print(*build(), sep="\n")
except (RuntimeError, subprocess.CalledProcessError) as error:
    # Everything works without it.
    print(f"the kernel was not compiled ({error}); texts are judged by the slower engine", file=sys.stderr)
