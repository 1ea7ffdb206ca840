"""The model on stage: a runtime, an HTTP server and a playground, all without torch."""
