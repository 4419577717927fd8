"""A browser as push services see it: creates its keys, and decrypts messages with Mozilla's library.

make ENDPOINT KEYS     writes the keys and prints the subscription as JSON
read KEYS TAKEN        prints the content and the signer of each message of a fake push service as JSON
"""

import base64
import json
import sys

import http_ece
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature


def text(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(encoded):
    return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))


def make(endpoint, path):
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    auth = b"sixteen letters!"
    keys = {"private": hex(key.private_numbers().private_value), "auth": text(auth)}
    with open(path, "w", encoding="utf-8") as file:
        json.dump(keys, file)
    print(json.dumps({"endpoint": endpoint, "p256dh": text(public), "auth": text(auth)}))


def claims(authorization):
    token, key = (part.strip()[2:] for part in authorization.removeprefix("vapid ").split(","))
    said, signature = token.rsplit(".", 1)
    signature = raw(signature)
    numbers = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(key))
    public.verify(encode_dss_signature(*numbers), said.encode(), ec.ECDSA(hashes.SHA256()))
    return json.loads(raw(said.split(".")[1]))


def read(path, taken):
    with open(path, encoding="utf-8") as file:
        keys = json.load(file)
    private = ec.derive_private_key(int(keys["private"], 16), ec.SECP256R1())
    told = []
    with open(taken, encoding="utf-8") as file:
        messages = json.load(file)
    for message in messages:
        body = base64.b64decode(message["body"])
        plain = http_ece.decrypt(
            body, private_key=private, auth_secret=raw(keys["auth"]), version="aes128gcm"
        )
        headers = message["headers"]
        told.append(
            {
                "said": json.loads(plain),
                "claims": claims(headers["authorization"]),
                "topic": headers["topic"],
                "ttl": int(headers["ttl"]),
                "bytes": len(body),
            }
        )
    print(json.dumps(told))


{"make": make, "read": read}[sys.argv[1]](*sys.argv[2:])
