//! Changed values and signatures are refused without a panic.

use secrecy::SecretString;
use testkit::growth::linear;

use super::{Keys, RsaKey, SecretKey, from_text, sign, signature_is_valid, tag_is_valid, to_text};

#[test]
fn signatures_and_sealed_values() {
    let secret: SecretString = "a secret for the tests".to_owned().into();
    let keys = Keys::read(&"a".repeat(64).into(), "a test").expect("keys");
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        assert!(!signature_is_valid(&secret, b"body", &text), "{text}");
        let header = sign(&secret, bytes);
        assert!(signature_is_valid(&secret, bytes, &header));
        assert!(!tag_is_valid(&secret, b"body", bytes));
        if let Some(plain) = from_text(&text) {
            assert_eq!(to_text(&plain), text.to_ascii_lowercase());
        }
        assert!(keys.open(bytes).is_none(), "sealed by chance");
    }));
}

#[test]
fn key_files() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text: SecretString = String::from_utf8_lossy(bytes).into_owned().into();
        if let Ok(keys) = Keys::read(&text, "a test") {
            assert!(!keys.all().is_empty());
            let _ = keys.emails().id();
        }
        let _ = SecretKey::from_hex(&text, "a test");
        let pem = String::from_utf8_lossy(bytes);
        assert!(RsaKey::from_pem(&pem).is_none(), "a key by chance");
    }));
}
