"""What this computer has and can spare now: memory, processor, graphics cards, power.

May import `core`. Only reads; never changes anything and never opens a connection.
"""
