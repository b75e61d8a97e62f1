"""One function a use case: (session, ids and values, by, at) -> result."""
