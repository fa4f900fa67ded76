"""What an operator sees of the work: log events, metrics and traces.

`events` has a function for each kind of event, which passes it on: to the log (`logs`), to the
metrics (`metrics`) and to traces (`tracing`). None of them has an article's text,
a provider's words or a key: events carry names, codes, kinds, counts, seconds and money.
"""
