"""The `check` command: check texts on disk or in pairs, and report findings by line and column.

`texts` and `pairs` read and check. `positions` finds the line and column of a finding. `silencing`
finds a person's decision about it. `reports` writes findings for people and programs.
"""
