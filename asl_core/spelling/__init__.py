"""Which word is it? From one prediction a frame to letters, words, suggestions and subtitles."""
