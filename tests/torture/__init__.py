"""Hostile files, folders and surroundings, tried in great number: ``make torture`` runs all, a test some of each."""
