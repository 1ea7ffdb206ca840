"""From a trained model to a bundle: one ONNX graph, its int8 form, and everything needed to serve it."""
