"""The page an editor works at: source and rewrite side by side, and what was found.

`articles` finds and loads what is reviewed, `marks` says what supports each sentence and value,
and `pages` compares versions and writes the HTML. `server` shows the pages on the loopback and
carries out decisions, which `decisions` makes.
"""
