"""The queue: articles as references in Redis, each a Celery task (`rewriter.tasks`).

`claims` is the table of what is to be done, `message` a row of it, `submitting` how articles get
in. `supervisor` starts a worker's processes; `runner` is a process's event loop, `dispatcher` what
it claims and reports, `handler` what it does with an article. `gate` and `purse` are the fleet's
limits, `lane` is the way by the provider's batches, `safety` what a worker refuses to start with.
"""
