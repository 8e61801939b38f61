"""Text for people, and the languages that it can be shown in."""
