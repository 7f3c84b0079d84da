"""Redis scripts: each changes what it names in one step."""
