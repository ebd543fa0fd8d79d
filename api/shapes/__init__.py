"""What the answers look like: one typed dictionary per thing on the wire, and one function that makes it from casework's record.

Names are camelCase, ids strings, moments ISO 8601 in UTC (`…At`), days yyyy-mm-dd (`…On`). The types are the documentation of
the API: OpenAPI is made from them, and mypy holds the functions to them.
"""
