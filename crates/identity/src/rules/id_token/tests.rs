use ring::{
    rand::SystemRandom,
    signature::{EcdsaKeyPair, Ed25519KeyPair, KeyPair as _},
};
use serde_json::{Value, json};

use super::*;

const NOW: i64 = 1_793_491_200;

fn pair(seed: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).expect("a key")
}

fn key(seed: u8, kid: &str) -> Jwk {
    let x = URL_SAFE_NO_PAD.encode(pair(seed).public_key().as_ref());
    let key = json!({ "kty": "OKP", "crv": "Ed25519", "kid": kid, "use": "sig", "x": x });
    serde_json::from_value(key).expect("a key")
}

fn claims() -> Value {
    json!({
        "iss": "https://id.example", "sub": "248289761001", "aud": "guild", "nonce": "n-0S6",
        "exp": NOW + 300, "iat": NOW, "preferred_username": "wren.oak"
    })
}

fn token(head: &Value, claims: &Value, seed: u8) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(head), part(claims));
    let signature = URL_SAFE_NO_PAD.encode(pair(seed).sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}

fn read(token: &str) -> Result<Claims, TokenFault> {
    let expected = Expected {
        issuer: "https://id.example",
        client_id: "guild",
        nonce: "n-0S6",
        now: Timestamp::from_timestamp(NOW, 0).expect("an instant"),
    };
    read_id_token(token, &[key(1, "one"), key(2, "two")], &expected)
}

fn head() -> Value {
    json!({ "alg": "EdDSA", "kid": "one" })
}

#[test]
fn a_valid_token_is_read() {
    let read = read(&token(&head(), &claims(), 1)).expect("read");
    assert_eq!(read.sub, "248289761001");
    assert_eq!(read.preferred_username.as_deref(), Some("wren.oak"));
    let unnamed = json!({ "alg": "EdDSA" });
    self::read(&token(&unnamed, &claims(), 2)).expect("any key of the issuer's");
}

#[test]
fn every_required_claim_is_checked() {
    let several = |azp: &str| json!({ "aud": ["guild", "other"], "azp": azp });
    for (change, fault) in [
        (json!({ "iss": "https://id.example/" }), Some(TokenFault::Issuer)),
        (json!({ "aud": "other" }), Some(TokenFault::Audience)),
        (json!({ "aud": ["guild"] }), None),
        (json!({ "aud": ["guild", "other"] }), Some(TokenFault::Audience)),
        (several("other"), Some(TokenFault::Audience)),
        (several("guild"), None),
        (json!({ "azp": "other" }), Some(TokenFault::Audience)),
        (json!({ "exp": NOW - 60 }), Some(TokenFault::Time)),
        (json!({ "exp": NOW - 59 }), None),
        (json!({ "iat": NOW + 61 }), Some(TokenFault::Time)),
        (json!({ "nonce": "n-0S7" }), Some(TokenFault::Nonce)),
        (json!({ "nonce": null }), Some(TokenFault::Nonce)),
        (json!({ "sub": "" }), Some(TokenFault::Malformed)),
        (json!({ "sub": "a".repeat(256) }), Some(TokenFault::Malformed)),
        (json!({ "sub": null }), Some(TokenFault::Malformed)),
        (json!({ "exp": "soon" }), Some(TokenFault::Malformed)),
    ] {
        let mut changed = claims();
        for (name, value) in change.as_object().expect("fields") {
            changed[name] = value.clone();
        }
        let read = read(&token(&head(), &changed, 1)).err();
        assert_eq!(read, fault, "{change}");
    }
}

#[test]
fn only_the_issuers_signature_counts() {
    let fault = |head: Value, seed| read(&token(&head, &claims(), seed)).err();
    assert_eq!(fault(head(), 2), Some(TokenFault::Signature));
    assert_eq!(fault(head(), 3), Some(TokenFault::Signature));
    let unknown = json!({ "alg": "EdDSA", "kid": "three" });
    assert_eq!(fault(unknown, 1), Some(TokenFault::UnknownKey));
    for algorithm in ["none", "HS256", "RS256", "ES256", ""] {
        let head = json!({ "alg": algorithm, "kid": "one" });
        assert_eq!(fault(head, 1), Some(TokenFault::Key), "{algorithm}");
    }
    let critical = json!({ "alg": "EdDSA", "kid": "one", "crit": ["b64"] });
    assert_eq!(fault(critical, 1), Some(TokenFault::Malformed));
    let whole = token(&head(), &claims(), 1);
    let (signed, _) = whole.rsplit_once('.').expect("parts");
    assert_eq!(read(&format!("{signed}.")).err(), Some(TokenFault::Signature));
    for nothing in ["", ".", "..", "a.b.c", signed] {
        assert_eq!(read(nothing).err(), Some(TokenFault::Malformed), "{nothing}");
    }
}

/// The examples of the standard: RFC 7515, appendices A.2 and A.3.
#[test]
fn the_usual_algorithms_verify_the_examples_of_the_standard() {
    const PAYLOAD: &str = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let rsa = json!({ "kty": "RSA", "e": "AQAB", "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ" });
    let curve = json!({ "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0" });
    for (head, key, signature) in [
        (
            "eyJhbGciOiJSUzI1NiJ9",
            rsa,
            "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
        ),
        (
            "eyJhbGciOiJFUzI1NiJ9",
            curve,
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
        ),
    ] {
        let key: Jwk = serde_json::from_value(key).expect("a key");
        let (signed, signature) = (format!("{head}.{PAYLOAD}"), bytes(signature).expect("bytes"));
        let head: Head = json(head).expect("a head");
        let check =
            |signed: &[u8]| check_signature(&head, std::slice::from_ref(&key), signed, &signature);
        assert_eq!(check(signed.as_bytes()), Ok(()), "{}", head.alg);
        assert_eq!(check(b"another"), Err(TokenFault::Signature), "{}", head.alg);
        // Numbers with zeros before them, and a key without an ID for a token that names one.
        let zero = |text: Option<String>| {
            text.map(|text| {
                URL_SAFE_NO_PAD.encode([&[0][..], &bytes(&text).expect("bytes")].concat())
            })
        };
        let key = Jwk { n: zero(key.n), e: zero(key.e), x: zero(key.x), y: zero(key.y), ..key };
        let named = Head { kid: Some("one".to_owned()), ..head };
        let check = |key| check_signature(&named, &[key], signed.as_bytes(), &signature);
        assert_eq!(check(key.clone()), Ok(()), "{}", named.alg);
        let other = Jwk { kid: Some("two".to_owned()), ..key.clone() };
        assert_eq!(check(other), Err(TokenFault::UnknownKey), "{}", named.alg);
        let long = |text: Option<String>| text.map(|text| text.repeat(8));
        let long = Jwk { n: long(key.n), x: long(key.x), ..key };
        assert_eq!(check(long), Err(TokenFault::Key), "{}", named.alg);
    }
}

#[test]
fn coordinates_without_their_leading_zeros_are_read() {
    let random = SystemRandom::new();
    let how = &signature::ECDSA_P256_SHA256_FIXED_SIGNING;
    let new = || {
        let document = EcdsaKeyPair::generate_pkcs8(how, &random).expect("a key");
        EcdsaKeyPair::from_pkcs8(how, document.as_ref(), &random).expect("a key")
    };
    let starts_with_zero = |pair: &EcdsaKeyPair| pair.public_key().as_ref()[1] == 0;
    let pair = std::iter::repeat_with(new).find(starts_with_zero).expect("one of 256 keys");
    let [x, y] = [&pair.public_key().as_ref()[2..33], &pair.public_key().as_ref()[33..]];
    let [x, y] = [x, y].map(|number| URL_SAFE_NO_PAD.encode(number));
    let key = json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y });
    let key: Jwk = serde_json::from_value(key).expect("a key");
    let head = Head { alg: "ES256".to_owned(), kid: None, crit: None };
    let signed = pair.sign(&random, b"a token").expect("signed");
    assert_eq!(check_signature(&head, &[key], b"a token", signed.as_ref()), Ok(()));
}
