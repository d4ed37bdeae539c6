"""A wheel that carries the multi-buffer library is for the systems that library runs on; without it, for all (docs/design/0007)."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LIBRARY = Path("src/poolhouse/crypto/_multi_buffer.so")
TAG = "py3-none-manylinux_2_28_x86_64"  # as the archive that it is linked from


class MultiBufferHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name == "wheel" and version == "standard" and (Path(self.root) / LIBRARY).exists():
            build_data["tag"] = TAG
            build_data["pure_python"] = False
