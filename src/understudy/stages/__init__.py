"""One small file a stage: read config and inputs, call rooms, write one artifact."""
