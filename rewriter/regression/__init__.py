"""Prompt regression: tests a changed prompt or model against the accepted one.

A suite is a folder with cases, recorded answers of models, and a pinned baseline. A comparison
reads the recordings and opens no socket. See docs/explanation/regression.md.
"""
