"""The engine: claims due transactions, runs their next step in bulk, writes what follows. It knows no invoice."""
