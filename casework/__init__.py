"""Who may act, until when, and what is left on record: the officers' side of the house, on top of `engine`.

An act of an officer is allowed, done, timed and recorded in one transaction, or it is refused with its ground.
"""
