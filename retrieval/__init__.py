"""The read side: a question becomes hits and a cited answer.

Start at `engine.py`; it reads like a table of contents.
"""
