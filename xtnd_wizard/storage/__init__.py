"""The database: tables, engine, schema, and the few queries the program needs."""
