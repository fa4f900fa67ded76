"""The provider's batch API: requests go to the provider in large files, at half the price.

An article is worked on like any other until a request has no stored answer
(`Asker.answer_at_once`). The request is kept (`questions`), and its article waits in Redis. Such
requests become one batch of the provider (`provider_batches`), which is sent, looked at and
collected (`polling`). Each answer goes into the ledger (`sorting`), and the article back into the
queue, where it finds the answer.
"""
