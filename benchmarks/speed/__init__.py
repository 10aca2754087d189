"""The speed of the way from text to verdict, beside what a scraper could use instead."""

import os

# Before NumPy is imported, which looks there once: no method gets help from a second core.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"
