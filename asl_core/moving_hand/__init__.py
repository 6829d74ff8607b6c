"""How a hand moves through the letters of a word: for drawn animations and made-up streams."""
