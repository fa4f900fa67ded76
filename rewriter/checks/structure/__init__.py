"""C1xx, K101 to K103, S1xx, S2xx, V101: the form of a rewrite, and how much of the source it is."""
