"""An export that somebody else hands over: a page that only the person's code opens, in any browser, without a network.

The code is a private key: what is stored is the public half of it, so that neither the database nor whoever holds it can
open the file. Elliptic-curve Diffie-Hellman on P-256 with a key made for this file, then AES-256-GCM; browsers have both.
"""

import base64
import hashlib
import os
import secrets
from html import escape

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.core.i18n import current_locale
from bot.core.i18n import gettext as _

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Nothing that is taken for another letter when it is copied by hand."""
GROUPS, GROUP = 6, 5
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve's points: a private key is smaller."""


def new_code() -> str:
    """150 random bits, such as ABCDE-FGHJK-…"""
    while True:
        letters = "".join(secrets.choice(ALPHABET) for _letter in range(GROUPS * GROUP))
        code = "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))
        if 0 < _number(code) < ORDER:
            return code


def public_half(code: str) -> str:
    """In hexadecimal digits."""
    public = ec.derive_private_key(_number(code), ec.SECP256R1()).public_key()
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint).hex()


def _number(code: str) -> int:
    """As the page's script has it: the dashes left out, in capitals."""
    return int.from_bytes(hashlib.sha256(code.replace("-", "").upper().encode()).digest())


def sealed_page(packed: bytes, public: str) -> str:
    """The page, with the export sealed in it."""
    point = bytes.fromhex(public)
    reader = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    once = ec.generate_private_key(ec.SECP256R1())
    key, nonce = hashlib.sha256(once.exchange(ec.ECDH(), reader)).digest(), os.urandom(12)
    own = once.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    kept = {
        "x": _url64(point[1:33]),
        "y": _url64(point[33:]),
        "ox": _url64(own[1:33]),
        "oy": _url64(own[33:]),
        "iv": _url64(nonce),
        "sealed": _url64(AESGCM(key).encrypt(nonce, packed, None)),
    }
    data = " ".join(f'data-{name}="{value}"' for name, value in kept.items())
    intro = _(
        "Your export from growbot. It opens with the code that growbot showed you in Slack, and with nothing else."
    )
    return _PAGE.format(
        lang=escape(current_locale()),
        data=data,
        intro=escape(intro),
        code=escape(_("Code")),
        open=escape(_("Open and save")),
        wrong=escape(_("That is not the code of this file.")),
        done=escape(_("Saved: growbot-export.zip.")),
    )


def _url64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


_PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>growbot</title>
<style>body{{font:1.1rem/1.5 system-ui,sans-serif;margin:3rem auto;max-width:32rem;padding:0 1rem}}
input,button{{font:inherit;padding:.5rem;margin:.25rem 0;width:100%;box-sizing:border-box}}</style>
</head>
<body {data}>
<p>{intro}</p>
<form><label>{code} <input name="code" autocomplete="off" spellcheck="false" required></label><button>{open}</button></form>
<p role="status"></p>
<template id="wrong">{wrong}</template><template id="done">{done}</template>
<script>
const kept = document.body.dataset, subtle = crypto.subtle, curve = {{name: "ECDH", namedCurve: "P-256"}};
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const url64 = (raw) => btoa(String.fromCharCode(...raw)).replace(/[+]/g, "-").replace(/[/]/g, "_").replace(/=/g, "");
const say = (id) => document.querySelector("[role=status]").textContent = document.getElementById(id).innerHTML;
async function opened(code) {{
  const plain = new TextEncoder().encode(code.replace(/[^0-9A-Za-z]/g, "").toUpperCase());
  const d = url64(new Uint8Array(await subtle.digest("SHA-256", plain)));
  const own = await subtle.importKey("jwk", {{kty: "EC", crv: "P-256", d, x: kept.x, y: kept.y}}, curve, false, ["deriveBits"]);
  const other = await subtle.importKey("jwk", {{kty: "EC", crv: "P-256", x: kept.ox, y: kept.oy}}, curve, false, []);
  const shared = await subtle.deriveBits({{name: "ECDH", public: other}}, own, 256);
  const key = await subtle.importKey("raw", await subtle.digest("SHA-256", shared), "AES-GCM", false, ["decrypt"]);
  return subtle.decrypt({{name: "AES-GCM", iv: bytes(kept.iv)}}, key, bytes(kept.sealed));
}}
document.querySelector("form").addEventListener("submit", async (event) => {{
  event.preventDefault();
  try {{
    const packed = await opened(event.target.code.value);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([packed], {{type: "application/zip"}}));
    link.download = "growbot-export.zip";
    link.click();
    say("done");
  }} catch {{ say("wrong"); }}
}});
</script>
</body>
</html>
"""
