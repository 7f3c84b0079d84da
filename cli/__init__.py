"""The command line, a thin shell around `shared`: one file a command."""
