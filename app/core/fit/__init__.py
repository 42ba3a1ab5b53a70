"""Will it fit, how fast, how good: what the facts of a model and of a computer amount to."""
