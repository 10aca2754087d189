"""Labelled data in, a checked and versioned model out. Runs as ``python -m training``; nothing here is needed to serve."""
