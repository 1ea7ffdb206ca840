"""Raw text into a training corpus: read, clean, de-duplicate, split, sample, pack, write. Runs on Daft."""
