"""Sentences that are addressed to a model: found by their features, and cut with a reason."""

from rewriter.cleaning.orders.quarantine import cut_asides, cut_orders

__all__ = ["cut_asides", "cut_orders"]
