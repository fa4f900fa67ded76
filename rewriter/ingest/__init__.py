"""Feeds, sitemaps, news-API answers, pages and files into raw articles, each story once."""
