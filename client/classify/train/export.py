"""Write the model folder: model.onnx, manifest.json, MODEL-CARD.md, and the golden answers for tests.

    export.py --run <run-folder> --figures <figures.json> --folder ../models/skin-net-0.1.0 --golden <golden.json>

The texts are in `describe.py`, the test pictures in `golden.py`; this file only turns weights into a graph.
"""
import argparse
import hashlib
import json
from pathlib import Path

import onnx
import torch

from data import CLASSES, INPUT_SIZE
from describe import manifest, model_card
from evaluate import load_network
from golden import golden
from network import CELLS, count_weights, fold_batch_norm

OPSET = 13
IR_VERSION = 7
MOST_BYTES = 4_000_000


def write_graph(network, file):
    """Write the folded network as ONNX float32; no paths, no traces of the machine."""
    picture = torch.zeros(1, 3, INPUT_SIZE, INPUT_SIZE)
    torch.onnx.export(network, picture, str(file), opset_version=OPSET, input_names=["input"],
                      output_names=["logits", "fmap"], do_constant_folding=True)
    model = onnx.load(str(file))
    model.ir_version = IR_VERSION
    model.producer_name, model.producer_version, model.doc_string = "skin-net", "0.1.0", ""
    model.graph.name = "skin-net"
    for node in model.graph.node:
        node.doc_string = ""
    onnx.checker.check_model(model)
    onnx.save(model, str(file))
    return model


def check_graph(model, bytes_):
    """Stop unless the file is small and its input and outputs are what the manifest promises."""
    shapes = {value.name: [d.dim_value for d in value.type.tensor_type.shape.dim]
              for value in list(model.graph.input) + list(model.graph.output)}
    wanted = {"input": [1, 3, INPUT_SIZE, INPUT_SIZE], "logits": [1, len(CLASSES)],
              "fmap": [1, len(CLASSES), CELLS, CELLS]}
    if shapes != wanted or bytes_ >= MOST_BYTES:
        raise ValueError(f"unexpected graph: {shapes}, {bytes_} bytes")
    print(sorted({node.op_type for node in model.graph.node}), bytes_, "bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", required=True)
    parser.add_argument("--figures", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--golden", required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    figures = json.loads(Path(options.figures).read_text())
    network = fold_batch_norm(load_network(options.run))
    folder = Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    model = write_graph(network, folder / "model.onnx")
    data = (folder / "model.onnx").read_bytes()
    check_graph(model, len(data))
    facts = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "weights": count_weights(network)}
    write_json(folder / "manifest.json", manifest(facts, figures))
    (folder / "MODEL-CARD.md").write_text(model_card(manifest(facts, figures)), encoding="utf-8")
    write_json(Path(options.golden), golden(network, facts["sha256"], figures["temperature"]))


def write_json(file, value):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
