"""What is kept on disk: chats, settings, the library of models, saved model memory.

May import `core`. SQLite with one writer; files are 0600 and folders 0700.
"""
