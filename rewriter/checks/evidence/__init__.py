"""Both texts, read once, and the source indexed: what every check asks."""
