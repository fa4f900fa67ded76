"""News items as APIs, feeds and agencies send them: field names, answers, feeds, their parts."""
