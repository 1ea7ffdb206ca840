"""What the benchmarks of training share: rows of text, our loop and Hugging Face's Trainer under a clock."""
