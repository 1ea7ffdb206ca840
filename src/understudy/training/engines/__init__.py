"""One process that holds everything, FSDP2, and DeepSpeed; :func:`.choice.engine_for` takes the recipe's."""
