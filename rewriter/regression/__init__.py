"""Prompt regression: is a changed prompt or model no worse than the accepted one?

A suite is a folder with cases, recordings of what models answered, and a pinned baseline. Replaying
opens no socket: the recordings are all there is. See docs/explanation/regression.md.
"""
