"""Reads letters that are spelled without holds: one state of a visitor, `FluentReader`."""
