r"""Pictures in RTF code: ``\\pict`` with its bytes in hexadecimal or behind ``\\bin``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wikicable.model import Image, MediaTarget, Str
from wikicable.resources import Resource
from wikicable_rtf.escapes import escape
from wikicable_rtf.lexer import Group, Word, join_surrogates
from wikicable_rtf.targets import IMAGE_SCHEME, image_of

_KINDS: Mapping[str, tuple[str, str]] = {
    "pngblip": ("png", "image/png"),
    "jpegblip": ("jpg", "image/jpeg"),
    "emfblip": ("emf", "image/emf"),
    "wmetafile": ("wmf", "image/wmf"),
    "dibitmap": ("bmp", "image/bmp"),
    "macpict": ("pict", "image/x-pict"),
}
_SIGNATURES: Mapping[bytes, tuple[str, str]] = {
    b"\x89PNG": ("png", "image/png"),
    b"\xff\xd8\xff": ("jpg", "image/jpeg"),
    b"GIF8": ("gif", "image/gif"),
}
_BLIPS: Mapping[str, str] = {"image/png": "pngblip", "image/jpeg": "jpegblip", "image/emf": "emfblip"}
_HEX_DIGITS = b"0123456789abcdefABCDEF"
_NOT_HEX = bytes(byte for byte in range(256) if byte not in _HEX_DIGITS)
TWIPS_PER_PIXEL = 15


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: the node that shows it, and its bytes under their name."""

    image: Image
    name: str
    resource: Resource


def picture(group: Group, number: int) -> Picture | None:
    r"""Read the rest of a ``\pict``, the file's picture ``number``; ``None`` where no bytes are there."""
    data = _data(group)
    words = group.words()
    kind = next((kind for begin, kind in _SIGNATURES.items() if data.startswith(begin)), None) or next(
        (_KINDS[word] for word in words if word in _KINDS), None
    )
    if not data or kind is None:
        return None
    suffix, media_type = kind
    if "dibitmap" in words:
        data = _bitmap_file(data)
    said = dict(_properties(group))
    description = (Str(said["wzDescription"]),) if said.get("wzDescription") else ()
    name = said.get("wzName", "")
    if name.startswith(IMAGE_SCHEME):
        image = image_of(name, description)
    else:
        size = (_pixels(words, "picwgoal", "picscalex"), _pixels(words, "pichgoal", "picscaley"))
        image = Image(MediaTarget(f"image{number}.{suffix}"), description, None, *size)
    assert isinstance(image.target, MediaTarget), "a picture of a file is a medium"
    return Picture(image, image.target.id, Resource(data, media_type))


def _data(group: Group) -> bytes:
    for word, part in zip(group.parts, group.parts[1:], strict=False):
        if isinstance(word, Word) and word.name == "bin" and word.value and isinstance(part, bytes):
            return part
    digits = group.binary().translate(None, _NOT_HEX)
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))


def _properties(group: Group) -> Iterator[tuple[str, str]]:
    for properties in group.named("picprop"):
        for each in properties.named("sp"):
            name = "".join(part.text() for part in each.named("sn"))
            yield name, join_surrogates("".join(part.text() for part in each.named("sv")))


def _pixels(words: Mapping[str, int | None], goal: str, scale: str) -> int | None:
    twips = (words.get(goal) or 0) * (words.get(scale) or 100) // 100
    return twips // TWIPS_PER_PIXEL if TWIPS_PER_PIXEL <= twips < 1 << 20 else None


def _bitmap_file(data: bytes) -> bytes:
    """Put the header of a ``.bmp`` file before a bitmap without one."""
    header = int.from_bytes(data[:4], "little")
    bits, used = int.from_bytes(data[14:16], "little"), int.from_bytes(data[32:36], "little")
    colours = used or (1 << bits if bits <= 8 else 0)
    start = 14 + header + 4 * colours
    return b"BM" + (14 + len(data)).to_bytes(4, "little") + bytes(4) + (start & 0xFFFFFFFF).to_bytes(4, "little") + data


# -- writing -------------------------------------------------------------------------------------

_WIDEST = 9000
_LINE = 128


def can_hold(resource: Resource) -> bool:
    """Whether RTF has a form for a picture."""
    return resource.media_type in _BLIPS


def picture_code(image: Image, resource: Resource, address: str, title: str) -> str:
    """Give the code of a picture; ``address`` is its name and ``title`` the code of its description."""
    width, height = _size(image, resource.data)
    said = f"{{\\sp{{\\sn wzName}}{{\\sv {escape(address)}}}}}"
    said += f"{{\\sp{{\\sn wzDescription}}{{\\sv {title}}}}}" if title else ""
    digits = resource.data.hex()
    lines = "\n".join(digits[at : at + _LINE] for at in range(0, len(digits), _LINE))
    return (
        f"{{\\*\\shppict{{\\pict{{\\*\\picprop{said}}}\\{_BLIPS[resource.media_type]}\\picw{width}\\pich{height}"
        f"\\picwgoal{width * TWIPS_PER_PIXEL}\\pichgoal{height * TWIPS_PER_PIXEL}\n{lines}}}}}"
    )


def _size(image: Image, data: bytes) -> tuple[int, int]:
    """Give the size in pixels at which a picture is shown: the one asked for, its own, or what a page can hold."""
    own_width, own_height = pixel_size(data)
    own_width, own_height = own_width or 200, own_height or 200
    width = image.width or (own_width * image.height // own_height if image.height else own_width)
    width = max(1, min(width, _WIDEST // TWIPS_PER_PIXEL))
    height = image.height if image.height and image.width else own_height * width // own_width
    return width, max(1, min(height, 2 * _WIDEST // TWIPS_PER_PIXEL))


def pixel_size(data: bytes) -> tuple[int, int]:
    """Give width and height of a PNG or JPEG file, or zeros."""
    if data.startswith(b"\x89PNG") and len(data) >= 24:
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    return _jpeg_size(data)


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        at += 2 + max(length, 2)
    return 0, 0
