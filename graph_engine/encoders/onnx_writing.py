"""Writes ONNX graphs node by node."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

_OPSET = 20
_FORMAT = 9


class GraphWriter:
    """Collects constants and nodes; every node's output is named after its order."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._constants: list[Any] = []
        self._nodes: list[Any] = []
        self._known: dict[bytes, str] = {}

    def constant(self, value: NDArray[Any]) -> str:
        """Add a constant and return its name; small ones that are equal are added once."""
        array = np.ascontiguousarray(value)
        mark = bytes(f"{array.dtype}{array.shape}", "ascii") + array.tobytes()[:4096]
        if array.nbytes <= 4096 and mark in self._known:
            return self._known[mark]
        name = f"c{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(array, name))
        self._known[mark] = name
        return name

    def integers(self, *values: int) -> str:
        """Add a list of integers."""
        return self.constant(np.array(values, np.int64))

    def node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """Add a node and return the name of what it gives."""
        name = f"n{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, list(inputs), [name], **attributes))
        return name

    def linear(self, inputs: str, weight: NDArray[Any], bias: NDArray[Any]) -> str:
        """Multiply by a matrix and add a vector."""
        return self.node("Add", self.node("MatMul", inputs, self.constant(weight)), self.constant(bias))

    def normalized(self, inputs: str, scale: NDArray[Any], bias: NDArray[Any], epsilon: float) -> str:
        """Normalise the last axis."""
        return self.node(
            "LayerNormalization", inputs, self.constant(scale), self.constant(bias), axis=-1, epsilon=epsilon
        )

    def write(self, path: Path, *, inputs: Any, output: str, width: int) -> None:
        """Write the graph with its weights as 8-bit integers; the full form beside it is removed."""
        result = helper.make_tensor_value_info(output, TensorProto.FLOAT, [None, width])
        graph = helper.make_graph(self._nodes, path.stem, [inputs], [result], self._constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)])
        model.ir_version = _FORMAT
        onnx.checker.check_model(model)
        full = path.with_suffix(".full")
        onnx.save(model, str(full))
        quantize_dynamic(str(full), str(path), weight_type=QuantType.QInt8, per_channel=True)
        full.unlink()


def words_input() -> Any:
    """Return the input of a model that takes the numbers of words."""
    return helper.make_tensor_value_info("words", TensorProto.INT64, [1, None])


def vectors_input(width: int) -> Any:
    """Return the input of a model that takes a vector a word."""
    return helper.make_tensor_value_info("vectors", TensorProto.FLOAT, [None, width])
