"""Tables shipped with the package (CSV, YAML, JSON). No code lives here; ``evidence.tables`` reads them."""
