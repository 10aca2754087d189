"""People decide what the model flagged: the queue at /review, articles with their lines, and who may do so."""
