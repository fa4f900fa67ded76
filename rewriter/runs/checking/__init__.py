"""The `check` command: texts on disk or in pairs are checked, placed by line, and reported.

`texts` and `pairs` read and check, `positions` places findings, `silencing` finds what a person has
decided about them, and `reports` writes them for people and programs.
"""
