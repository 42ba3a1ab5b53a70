"""Rules that can be said without Qt, disk, network or processes.

Standard library only. Everything here is a value or a function of values, so that every
other room may import it and its tests need nothing installed. No input or output, ever.
"""
