"""Rewrites raw news articles with an LLM and proves each rewrite against its source."""

__version__ = "0.1.0"
