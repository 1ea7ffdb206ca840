"""What `gpu_train.py` is made of; nothing here needs more than torch and numpy."""
