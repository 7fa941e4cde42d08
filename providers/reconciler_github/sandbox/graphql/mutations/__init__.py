"""What GraphQL can change; one module for each part.

Source: docs.github.com/en/graphql/reference/mutations.
"""
