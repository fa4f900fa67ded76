"""A run over articles: which are due, what they would cost, and one article from file to file."""
