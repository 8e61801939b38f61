"""The scenario file: reading, validation and schema."""
