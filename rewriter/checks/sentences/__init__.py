"""G3xx, G6xx, K104: what is said, how surely and by whom, against the source's sentences."""
