"""Rewrites raw news articles into a fixed structure with an LLM, and proves each against its source."""
