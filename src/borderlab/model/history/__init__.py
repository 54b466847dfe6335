"""Coded history: episodes as inputs, which futures reproduce them, the model beside the record."""
