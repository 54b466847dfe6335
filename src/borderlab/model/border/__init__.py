"""The crossings as the model sees them: restrictions in, trade and travellers hit out."""
