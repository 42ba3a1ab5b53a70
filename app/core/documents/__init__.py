"""What can be said about the user's documents without disk, Qt or a model."""
