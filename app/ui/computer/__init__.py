"""The room of this computer: what it has, who is computing, and how fast it is."""
