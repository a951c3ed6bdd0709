"""The grouping benchmark: generated republication with known truth, look-alikes, hand-written cases.

Run it with ``scripts/gate grouping``. Everything is made here: texts come from grammars over word banks in fifteen
languages, so truth is known exactly, nothing is copied from anybody, and any number of articles can be had.
"""
