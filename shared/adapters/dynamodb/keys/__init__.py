"""The names of keys, one file a domain; `docs/table.md` tells what each item is."""
