"""docs/openapi.json: the HTTP contract as an OpenAPI document, made by Powertools from the function's own models.

Not deployed: the function reads its requests itself, because Powertools' validation would slow every cold start down.
"""
