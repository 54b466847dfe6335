"""The fitted table made from public files and scored on others; how users divert, fitted on two episodes."""
