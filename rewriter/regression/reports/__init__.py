"""A report for each reader: terminal, CI, pull request, browser."""
