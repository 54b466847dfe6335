"""Hostile files, folders and surroundings, tried in great number: ``make torture`` runs all, the tests a few of each."""
