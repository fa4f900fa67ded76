"""The batch lane: questions go to the provider in large files, at half the price.

An article of this lane is worked on like any other until its question is to be paid for
(`boarding`). The question is kept (`questions`), its article waits in Redis, and a parcel of such
questions becomes one batch of the provider (`parcels`, `courier`, `sending`). Each answer goes
into the ledger (`collecting`, `sorting`), and the article back into the queue, where it finds it.
"""
