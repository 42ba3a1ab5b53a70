"""Does a sentence of a source bear out a sentence of an answer?

`citations` is asked for a whole answer; it divides the sources (`source_sentences`), finds the
nearest (`comparison`), and believes none of them that a rule of `contradictions` speaks against.
"""
