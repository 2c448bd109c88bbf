"""How fast licensed data gets to a training job, beside the same files on this disk and behind nginx."""
