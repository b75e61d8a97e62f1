"""Bytes in, claims out, streaming."""
