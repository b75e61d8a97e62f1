"""The web workbench: pages over the services. Knows no SQL."""
