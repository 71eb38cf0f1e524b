"""One migration for each change of the schema, oldest first."""
