"""``answer(viewer, request) -> (status, body, headers)``: POST /graphql, whole.

``viewer`` is the authenticated ``Viewer`` (user, token, scopes) and ``request`` the decoded JSON body
(``query``, ``variables``, ``operationName``). ``status`` is a number, ``body`` a JSON document, ``headers``
the rate-limit headers of the resource ``graphql``. The caller opens the write transaction and answers 401
where there is no viewer.
"""

from reconciler_github.sandbox.graphql.answering import answer

__all__ = ["answer"]
