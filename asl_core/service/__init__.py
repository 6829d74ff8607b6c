"""Reads letters over HTTP: the way of the pages, for other programs and for plain browsers."""
