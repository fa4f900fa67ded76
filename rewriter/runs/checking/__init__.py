"""The `check` command: check texts on disk or in pairs, and report findings by line and column.

`texts` and `pairs` read and check. `positions` finds the line and column of a finding, and a
person's decision about it. `readings` asks a second reader. `reports` writes findings for people
and programs.
"""
