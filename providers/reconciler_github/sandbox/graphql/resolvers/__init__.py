"""How each field is found in the world; one module for each part of the schema.

Every module offers ``FIELDS``: type name to field name to resolver. A resolver gets a document of the store
(or what a connection made of it), and finds the ``Session`` in ``info.context``.
"""
