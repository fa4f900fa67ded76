"""Rewrites raw news articles with an LLM and proves each rewrite against its source."""
