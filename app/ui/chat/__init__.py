"""The room for talking: composer, transcript, list of chats."""
