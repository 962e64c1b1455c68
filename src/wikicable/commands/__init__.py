"""The subcommands, each imported when it is asked for."""
