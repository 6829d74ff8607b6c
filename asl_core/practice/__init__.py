"""Learning to fingerspell: lessons, the judge of a signed letter, what comes next, and progress."""
