//! Parsers of tokens and of typed text never panic on any text. Tokens are accepted only if this server, or the named
//! issuer, issued them.

use axum::http::{HeaderMap, HeaderValue, header};
use identity::{access::bearer, reads};
use kernel::Timestamp;
use testkit::growth::linear;
use uuid::Uuid;

use super::{
    Access, Expected, Jwk, SecretKind, Signer, TokenFault, TypedCode, device, device_name,
    email_address, end_named, is_link_token, is_token, length_named, may_end, most_similar, pieces,
    preferred_login, read_id_token, return_path, role_named, scopes_named, timezone_named, token,
    token_name, typed_code, typed_setup_code, typed_sign_in_code,
};
use crate::model::{AccountKind, UserId, is_github_login};

/// Returns bytes as text, with a replacement character for what is not UTF-8.
fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// Made-up text is not a token of any kind, because it lacks a checksum, a secret or a signature.
#[test]
fn tokens() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = text(bytes);
        let prefixed = format!("glh_pat_{text}");
        for shown in [&*text, &prefixed] {
            assert!(!is_token(shown) || shown.len() == 57, "{shown}");
        }
        let prefixed = format!("guildhall_link_{text}");
        assert!(!is_link_token(&prefixed) || text.len() == 64, "{text}");
        for shown in [text.to_string(), format!("{text}.{text}.{text}")] {
            let read = signer().read(&shown, Timestamp::UNIX_EPOCH);
            read.expect_err("no signature by chance");
        }
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_bytes(bytes) {
            headers.insert(header::AUTHORIZATION, value);
        }
        if let Some(shown) = bearer(&headers) {
            assert_eq!(shown, shown.trim());
        }
    }));
}

fn signer() -> Signer {
    Signer::new(|| vec!["key".to_owned().into()], "https://guild.example".to_owned())
}

#[test]
fn changed_tokens() {
    bolero::check!().with_type::<([u8; 32], u8, u8)>().for_each(|(random, place, byte)| {
        let made = token(*random);
        assert!(is_token(&made), "{made}");
        let mut other = made.clone().into_bytes();
        let place = usize::from(*place) % other.len();
        other[place] = *byte;
        let other = String::from_utf8_lossy(&other);
        assert_eq!(is_token(&other), other == made, "{other}");
    });
}

#[test]
fn changed_link_tokens() {
    bolero::check!().with_type::<([u8; 32], u8, u8)>().for_each(|(random, place, byte)| {
        let made = SecretKind::SignInLink.make(*random);
        assert!(is_link_token(&made), "{made}");
        let mut other = made.clone().into_bytes();
        let place = usize::from(*place) % other.len();
        other[place] = *byte;
        let other = String::from_utf8_lossy(&other);
        let is_digit = byte.is_ascii_digit() || (b'a'..=b'f').contains(byte);
        let is_in_place = place >= "guildhall_link_".len() && is_digit;
        assert_eq!(is_link_token(&other), is_in_place || other == made, "{other}");
    });
}

#[test]
fn changed_access_tokens() {
    bolero::check!().with_type::<(u128, u16, u8)>().for_each(|(id, place, byte)| {
        let (signer, now) = (signer(), Timestamp::UNIX_EPOCH);
        let access = Access {
            user_id: UserId::new(Uuid::from_u128(*id)),
            family: Uuid::from_u128(id.rotate_left(64)),
        };
        let made = signer.issue(access, now);
        assert_eq!(signer.read(&made, now), Ok(access));
        let mut other = made.clone().into_bytes();
        let place = usize::from(*place) % other.len();
        other[place] = *byte;
        let other = String::from_utf8_lossy(&other);
        assert_eq!(signer.read(&other, now).is_ok(), other == made, "{other}");
    });
}

/// Public keys of the kinds that are supported: one without a private key, and the examples of RFC 7517 and RFC 8037.
const KEYS: &str = r#"[
    {"kty": "RSA", "kid": "r", "use": "sig", "e": "AQAB", "n": "sXchbWFsbGVyIHRoYW4gYSByZWFsIG1vZHVsdXMgYnV0IGxvbmcgZW5vdWdo"},
    {"kty": "EC", "kid": "e", "crv": "P-256", "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"},
    {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
]"#;

/// The first line is an ID token, and the rest another key of the issuer.
#[test]
fn id_tokens() {
    let keys: Vec<Jwk> = serde_json::from_str(KEYS).expect("keys");
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = text(bytes);
        let (token, key) = text.split_once('\n').unwrap_or((&text, ""));
        let mut keys = keys.clone();
        keys.extend(serde_json::from_str::<Jwk>(key));
        let expected = Expected {
            issuer: "https://id.example",
            client_id: "guildhall",
            nonce: "a nonce",
            now: Timestamp::UNIX_EPOCH,
        };
        if let Ok(claims) = read_id_token(token, &keys, &expected) {
            assert!((1..=255).contains(&claims.sub.len()), "{claims:?}");
        }
        let known = &keys[..3];
        let read = read_id_token(token, known, &expected);
        let fault = read.expect_err("a signature by chance");
        assert!(
            matches!(
                fault,
                TokenFault::Malformed
                    | TokenFault::UnknownKey
                    | TokenFault::Key
                    | TokenFault::Signature
            ),
            "{fault:?} comes after the signature"
        );
    }));
}

#[test]
fn typed_text() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = text(bytes);
        if let Ok(address) = email_address(&text) {
            assert!(!address.contains(char::is_control), "{address:?} goes into a header");
            assert!(address.rsplit('@').next().is_some_and(str::is_ascii), "{address:?}");
            assert_eq!(email_address(&address).as_deref(), Ok(&*address), "it is read again");
        }
        let path = return_path(Some(&text));
        assert!(path.starts_with('/') && !path.starts_with("//"), "{path:?}");
        HeaderValue::from_str(path).expect("a value of Location");
        if let Ok(end) = end_named(&text) {
            let _ = may_end(end, Timestamp::UNIX_EPOCH);
        }
        if let Ok(length) = length_named(&text) {
            assert!(length >= chrono::TimeDelta::zero(), "{length}");
        }
        if let Ok(zone) = timezone_named(&text) {
            assert_eq!(zone.name(), text.trim());
        }
        if let Ok(role) = role_named(&text) {
            assert_eq!(role.as_str(), text);
        }
        if let Ok(name) = token_name(&text) {
            assert!(!name.contains('\n') && !name.is_empty(), "{name:?}");
        }
        if let Some(TypedCode::Timed(code) | TypedCode::Recovery(code)) = typed_code(&text) {
            assert!(code.bytes().all(|byte| byte.is_ascii_digit()), "{code:?}");
        }
        let _ = scopes_named(text.split(','));
        names(&text);
    }));
}

/// The codes of a setup and of a sign-in link are read from any text in linear time, and what was read is read again.
#[test]
fn typed_codes() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = text(bytes);
        let of_setup = typed_setup_code(&text);
        let of_link = typed_sign_in_code(&text).ok();
        assert!(of_setup.is_none() || of_link.is_none(), "{text} has two lengths");
        if let Some(code) = of_setup {
            assert_eq!(typed_setup_code(&code.to_lowercase()), Some(code), "it is read again");
        }
        if let Some(code) = of_link {
            assert!(code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()));
            assert_eq!(typed_sign_in_code(&code.to_lowercase()), Ok(code), "it is read again");
        }
    }));
}

/// Checks what is derived from the names and devices that others state.
fn names(text: &str) {
    if is_github_login(text) {
        assert_eq!(ui::format::segment(text), text.replace("[bot]", "%5Bbot%5D"));
    }
    let login = preferred_login(Some(text));
    assert!(!is_github_login(&login), "{login} belongs to GitHub");
    let _ = AccountKind::from_github(Some(text), text);
    assert!(!device(text).contains(char::is_control));
    let _ = device_name(text);
    assert!(pieces(text).iter().all(|piece| piece.chars().count() == 3));
    let _ = most_similar(text, vec!["wren-oak".to_owned()], 3);
    let (login, id) = reads::place(text);
    if let Some(id) = id {
        let again = reads::place(&format!("{login}.{}", id.simple()));
        assert_eq!(again, (login, Some(id)));
    }
}
