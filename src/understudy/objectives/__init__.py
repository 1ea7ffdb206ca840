"""What is learned: masked pieces, a teacher's outputs, intents and slots. Batch -> loss and its parts."""
