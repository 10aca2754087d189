"""What was flagged, counted and drawn: the pages at /reports, their files, and the page that one sends around."""
