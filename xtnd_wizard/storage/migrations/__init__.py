"""How the schema came to be, for Alembic."""
