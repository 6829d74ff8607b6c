"""Small parts that run in the visitor's browser, each a Python wrapper beside its JavaScript."""
