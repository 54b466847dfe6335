"""The command line: parses, calls, prints. No arithmetic, and nothing heavy is imported before it is needed."""
