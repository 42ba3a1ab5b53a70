"""The document viewer: pages beside a chat or a search, with sentences marked."""
