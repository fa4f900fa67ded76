"""The queue: articles as references in Redis, each a Celery task (`rewriter.tasks`).

`claims` is the table of what is to be done, `message` a row of it, `submitting` how articles get
in. `supervisor` starts a worker's processes; `worker_process` is one of them as Celery sees it,
`runner` its event loop, `dispatcher` what it claims and reports, `handler` what it does with an
article. `fleet_rate_limiter` and `fleet_budget` are limits of all workers together. `batch_api` is
the way by the provider's batches. `safety` says what a worker refuses to start with.
"""
