"""The write side: notices in a folder become a searchable generation of the index.

Start at `build.py`; it reads like a table of contents.
"""
