"""Images are the same to the eye when they have been stripped: compared by the library with which the server reads them."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import pytest

from gateway.protocols.media import from_base64

pytestmark = pytest.mark.vllm

MAKE = """
import sys
from pathlib import Path
from PIL import Image, PngImagePlugin
folder = Path(sys.argv[1])
grey = Image.radial_gradient("L").resize((48, 32))
colour = Image.merge("RGB", [grey, grey.rotate(90), grey.rotate(180)])
clear = colour.copy()
clear.putalpha(grey)
exif = Image.Exif()
exif[0x010E] = "SECRET"
text = PngImagePlugin.PngInfo()
text.add_text("Comment", "SECRET")
for name, image in (("colour", colour), ("grey", grey), ("palette", colour.convert("P")), ("clear", clear)):
    image.save(folder / f"{name}.png", pnginfo=text, exif=exif)
colour.save(folder / "base.jpeg", exif=exif, comment=b"SECRET", xmp=b"SECRET", quality=90)
colour.save(folder / "progressive.jpeg", exif=exif, progressive=True, restart_marker_blocks=2)
colour.convert("CMYK").save(folder / "cmyk.jpeg", exif=exif)
grey.save(folder / "grey.jpeg", comment=b"SECRET")
colour.save(folder / "lossy.webp", exif=exif, xmp=b"SECRET")
clear.save(folder / "lossless.webp", lossless=True, exif=exif)
clear.save(folder / "clear.webp", xmp=b"SECRET", icc_profile=b"SECRET" * 20)
"""
COMPARE = """
import sys
from pathlib import Path
from PIL import Image
before, after = map(Path, sys.argv[1:])
for file in before.iterdir():
    one, other = Image.open(file), Image.open(after / file.name)
    assert (one.mode, one.size, one.tobytes()) == (other.mode, other.size, other.tobytes()), file.name
    assert not dict(other.getexif()), file.name
"""


def test_a_stripped_image_shows_the_same(root: Path, tmp_path: Path) -> None:
    python = str(root / ".venv-vllm/bin/python")
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    after.mkdir()
    subprocess.run([python, "-c", MAKE, str(before)], check=True)
    files = list(before.iterdir())
    assert len(files) == 11
    for file in files:
        data, _ = from_base64(f"image/{file.suffix[1:]}", base64.b64encode(file.read_bytes()).decode())
        stripped = base64.b64decode(data)
        assert b"SECRET" in file.read_bytes()
        assert b"SECRET" not in stripped
        (after / file.name).write_bytes(stripped)
    subprocess.run([python, "-c", COMPARE, str(before), str(after)], check=True)
