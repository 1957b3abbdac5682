"""Random valid ONNX models, what they compute by onnxruntime and onnx's evaluator, and what mlc makes of them."""
