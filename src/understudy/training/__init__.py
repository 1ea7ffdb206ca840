"""One training loop for every objective; shards, batches, optimizer, schedule, checkpoints."""
