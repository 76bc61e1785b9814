"""The applications in `faults` and `parcels`, copied to where they can be edited and built."""

import shutil
from pathlib import Path

from dev import ROOT


class SourceApp:
    def __init__(self, folder, name):
        self.folder = Path(folder) / name
        # Written now: cargo takes what is older than an earlier copy's build for unchanged.
        shutil.copytree(Path(__file__).parent / name, self.folder, copy_function=shutil.copyfile)
        # The same versions, settings and compiler as here, so that what is built already is used again.
        shutil.copy(ROOT / "Cargo.lock", self.folder)
        shutil.copy(ROOT / "rust-toolchain.toml", self.folder)
        manifest = self.folder / "Cargo.toml"
        profile = (ROOT / "Cargo.toml").read_text().partition("[profile.dev]")[2].partition("\n\n")[0]
        text = manifest.read_text().replace("{root}", str(ROOT))
        manifest.write_text(f"{text}\n[profile.dev]{profile}\n")
        self.source = self.folder / "src" / "lib.rs"

    def edit(self, old, new):
        text = self.source.read_text()
        assert old in text, f"`{old}` is not in the source"
        self.source.write_text(text.replace(old, new))
