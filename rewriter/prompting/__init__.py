"""Prompt files, and the requests that are rendered from them."""
