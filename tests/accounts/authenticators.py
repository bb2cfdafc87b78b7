"""A passkey made of software: answers what the portal asks, as a browser with an authenticator would."""

import hashlib
import json
import os
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode

ORIGIN = "http://localhost:8123"
PRESENT, VERIFIED, WITH_CREDENTIAL = 0x01, 0x04, 0x40


class SoftKey:
    """One key pair for one portal; ``verified`` says whether it checked who holds it."""

    def __init__(self, *, origin=ORIGIN, rp="localhost", verified=True):
        self.origin, self.rp, self.verified = origin, rp, verified
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(32)
        self.owner = b""

    def create(self, options, *, alone=True):
        """Return the credential for the options of a page that adds a passkey."""
        asked = options["publicKey"]
        self.owner = websafe_decode(asked["user"]["id"])
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        told = bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        data = self._data(WITH_CREDENTIAL) + told
        return {
            **self._named(),
            "response": {
                "clientDataJSON": self._client("webauthn.create", asked["challenge"]),
                "attestationObject": websafe_encode(cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})),
            },
            "clientExtensionResults": {"credProps": {"rk": alone}},
        }

    def get(self, options, **changed):
        """Return the answer to the options of a page that asks for a passkey."""
        client = self._client("webauthn.get", options["publicKey"]["challenge"])
        data = self._data(0)
        signed = data + hashlib.sha256(websafe_decode(client)).digest()
        answer = {
            "clientDataJSON": client,
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": websafe_encode(self.owner),
        }
        return {**self._named(), "response": answer | changed, "clientExtensionResults": {}}

    def _named(self):
        name = websafe_encode(self.id)
        return {"id": name, "rawId": name, "type": "public-key"}

    def _client(self, kind, challenge):
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return websafe_encode(json.dumps(said).encode())

    def _data(self, more):
        flags = PRESENT | (VERIFIED if self.verified else 0) | more
        return hashlib.sha256(self.rp.encode()).digest() + struct.pack(">BI", flags, 0)
