"""Reads letters over HTTP, as the pages do, for other programs and for plain browsers."""
