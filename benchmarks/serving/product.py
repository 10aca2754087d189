"""``python -m benchmarks.serving.product PORT`` serves the application as ``saring serve`` does."""

from __future__ import annotations

import os
import sys

from service import launch


def main() -> None:
    launch.begin_anew()
    os.environ["SARING_PORT"] = sys.argv[1]
    from benchmarks.serving.app import app, settings
    from service import server

    server.run(app, settings)


main()
