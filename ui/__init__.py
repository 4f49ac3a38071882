"""The pages a person sees; besides app.py the only code that imports streamlit.

Pages (ask, document, library) are scripts that read as the screen from top to bottom. What a
notice says reaches the screen only through `paper`, which shows every character as it is.
"""
