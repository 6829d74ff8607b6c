"""How well J and Z are read as motions."""
