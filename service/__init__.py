"""Everything that serves a model: HTTP, command line and reports."""
