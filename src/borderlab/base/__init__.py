"""The ground under every room: errors, files, units, words, hashes, progress. Knows nothing of borders."""
