"""Invented feeds and agency documents with one article each."""

from __future__ import annotations

from tests.cleaning.articles import BODY, TITLE
from tests.items.shapes import HTML, LEAD, RFC, TEXT, URL, WHEN

RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- made by a generator -->
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>Harbor Ledger</title><link>https://ledger.example/</link><language>en-GB</language>
<description>News of the coast</description>
<item><title>{TITLE}</title><link>{URL}</link><guid isPermaLink="false">4511</guid>
<pubDate>{RFC}</pubDate><dc:creator>Ruth Adeyemi</dc:creator><category>Ferries</category>
<description>{LEAD}</description><content:encoded><![CDATA[{HTML}]]></content:encoded>
<media:content url="https://ledger.example/ship.jpg" medium="image"/></item>
</channel></rss>
"""
RSS_TEXT = f"""<rss version="2.0"><channel><title>Harbor Ledger</title>
<item><title>{TITLE}</title><link>{URL}</link><pubDate>{RFC}</pubDate>
<author>Ruth Adeyemi</author><description><![CDATA[{HTML}{HTML}]]></description></item>
</channel></rss>"""
ATOM = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Harbor Ledger</title>
<updated>2026-01-30T00:00:00Z</updated><id>urn:ledger</id>
<entry><title>{TITLE}</title><link rel="alternate" href="{URL}"/><id>urn:ledger:4511</id>
<published>2026-01-29T10:15:00+01:00</published><updated>2026-01-29T12:00:00Z</updated>
<author><name>Ruth Adeyemi</name></author><summary>{LEAD}</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{HTML}</div></content>
</entry></feed>"""
ATOM_HTML = ATOM.replace(
    f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{HTML}</div></content>',
    f'<content type="html"><![CDATA[{HTML}]]></content>',
)
RDF = f"""<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel rdf:about="https://ledger.example/"><title>Harbor Ledger</title>
<link>https://ledger.example/</link><description>News</description><dc:language>en</dc:language>
</channel>
<item rdf:about="{URL}"><title>{TITLE}</title><link>{URL}</link><dc:date>{WHEN}</dc:date>
<dc:creator>Ruth Adeyemi</dc:creator><content:encoded><![CDATA[{HTML}]]></content:encoded></item>
</rdf:RDF>"""
NITF = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nitf SYSTEM "http://www.nitf.org/IPTC/NITF/3.5/specification/dtd/nitf-3-5.dtd">
<nitf version="-//IPTC//DTD NITF 3.5//EN" xml:lang="en">
<head><title>Ferries</title>
<docdata><doc-id id-string="4511"/><date.issue norm="20260129T101500+0100"/>
<key-list><keyword key="ferries"/></key-list><doc.copyright holder="ledger.example"/></docdata>
</head>
<body><body.head><hedline><hl1>{TITLE}</hl1><hl2>{LEAD}</hl2></hedline>
<byline>By <person>Ruth Adeyemi</person></byline><distributor>Harbor Ledger</distributor>
<dateline><location>PORT ELLERY</location></dateline></body.head>
<body.content><block>{HTML}</block>
<media media-type="image"><media-caption>A ship in the Tasker yard</media-caption></media>
</body.content>
<body.end><tagline>Ruth Adeyemi covers the coast.</tagline></body.end></body></nitf>"""

FEEDS = {
    "rss": RSS,
    "rss, description": RSS_TEXT,
    "atom, xhtml": ATOM,
    "atom, html": ATOM_HTML,
    "rdf": RDF,
    "nitf": NITF,
}
SITEMAP = f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{URL}</loc></url></urlset>"""
OPML = '<?xml version="1.0"?><opml version="2.0"><body><outline text="a"/></body></opml>'
EXCERPT = RSS.replace(f"<content:encoded><![CDATA[{HTML}]]></content:encoded>", "")
TWO = RSS.replace(
    "</channel>",
    f"<item><title>Tram line opens</title><guid>4512</guid><description>{TEXT} {BODY[0]} {TEXT}"
    "</description></item></channel>",
)
