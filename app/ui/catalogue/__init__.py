"""The room of models: which there are, which is in use."""
