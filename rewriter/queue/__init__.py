"""The queue: articles as references in Redis, worked on by Celery's processes.

`message` is what travels, `store` where it lives, `shift` how a process works on hundreds at once,
`lane` the way by the provider's batches, `gate` and `purse` the fleet's limits, `submitting` how
articles get in, `safety` what a worker refuses to start with.
"""
