"""What operations return, as text and JSON: nothing here decides anything, and nothing prints.

Texts are made of lines (``line.py``), so that the same view serves a terminal with colour, a log without,
and a pull request. Whatever comes from a service or a file passes ``escape.py`` on its way out.
"""
