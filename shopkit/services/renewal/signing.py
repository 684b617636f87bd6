"""Who made the rules: a list of their files with hashes, and an Ed25519 signature under it.

``MANIFEST`` has a line for each file, ``sha256  name``, in order of names; ``MANIFEST.sig`` is the signature of its
bytes in base64. So a folder and an archive of it are signed alike, and a file more, less or changed is found.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MANIFEST: Final = "MANIFEST"
SIGNATURE: Final = "MANIFEST.sig"


class SignatureError(ValueError):
    """The rules are not those that the holder of the trusted key signed; the message says why."""


def manifest(folder: Path) -> bytes:
    """Return the list of the files in a folder, but for the list itself and its signature."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    lines = [
        f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"
        for name in names
        if name not in (MANIFEST, SIGNATURE)
    ]
    return "".join(lines).encode()


def sign(folder: Path, pem: bytes) -> str:
    """Write list and signature into the folder with a private key (PEM) and return the public key to trust."""
    # Cryptography is imported where something is signed or verified: most rules are those that were shipped.
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SignatureError(f"the private key cannot be read: {error}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SignatureError("the private key is not one of Ed25519; make one with openssl genpkey -algorithm ed25519")
    listed = manifest(folder)
    (folder / MANIFEST).write_bytes(listed)
    (folder / SIGNATURE).write_bytes(base64.b64encode(key.sign(listed)) + b"\n")
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def is_signed(folder: Path) -> bool:
    """Return whether a signature came with the rules."""
    return (folder / SIGNATURE).is_file()


def verify(folder: Path, trusted: str) -> None:
    """Check that the files are those which the trusted key (base64) signed; ``SignatureError`` if not."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  # the same

    key = _public(trusted)
    if not is_signed(folder):
        raise SignatureError(f"the rules are not signed, and a trusted key is set; there is no {SIGNATURE}")
    listed = (folder / MANIFEST).read_bytes() if (folder / MANIFEST).is_file() else b""
    try:
        signature = base64.b64decode((folder / SIGNATURE).read_bytes().strip(), validate=True)
        key.verify(signature, listed)
    except (binascii.Error, ValueError, InvalidSignature):
        raise SignatureError(f"{SIGNATURE} is not the trusted key's signature of {MANIFEST}") from None
    if listed != manifest(folder):
        said, found = (set(text.decode().splitlines()) for text in (listed, manifest(folder)))
        name = min(line.split("  ", 1)[-1] for line in said ^ found)
        raise SignatureError(f"{name} is not as it was signed")


def _public(trusted: str) -> Ed25519PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415  # the same

    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(trusted, validate=True))
    except (binascii.Error, ValueError):
        raise SignatureError("SHOPKIT_RULEBOOK_KEY: not the 32 bytes of an Ed25519 public key in base64") from None
