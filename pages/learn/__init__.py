"""The pages that teach: how the letters are signed."""
