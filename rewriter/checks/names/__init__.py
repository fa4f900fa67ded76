"""G2xx: the people, bodies and places of a rewrite against those of the source."""
