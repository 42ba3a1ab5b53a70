"""What this computer has and can spare now: processor, memory.

May import `core`. Only reads; never changes anything and never opens a connection.
"""
