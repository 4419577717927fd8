//! Answers of providers, and what a browser sends back to the server, never cause a panic.

use kernel::Timestamp;
use platform::crypto::{self, SecretKey};
use testkit::growth::linear;
use uuid::Uuid;

use super::{
    Claim, SignInAttempt,
    github::{TokenAnswer, UserAnswer},
    openid::{About, KeySet, Refusal, Tokens, UserInfo},
};

#[test]
fn answers_of_providers() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let _ = serde_json::from_slice::<TokenAnswer>(bytes);
        let _ = serde_json::from_slice::<UserAnswer>(bytes);
        let _ = serde_json::from_slice::<About>(bytes);
        let _ = serde_json::from_slice::<Tokens>(bytes);
        let _ = serde_json::from_slice::<Refusal>(bytes);
        let _ = serde_json::from_slice::<UserInfo>(bytes);
        if let Ok(keys) = serde_json::from_slice::<KeySet>(bytes) {
            let _ = keys.known();
        }
    }));
}

/// Attempts and claims are encrypted in a cookie. Nothing else opens, not even other text that the server encrypted.
#[test]
fn sealed_cookies() {
    let key = SecretKey::from_hex(&"a".repeat(64).into(), "a test").expect("a key");
    let now = Timestamp::UNIX_EPOCH;
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        let sealed = crypto::to_text(&key.encrypt(bytes).expect("encrypted"));
        assert!(SignInAttempt::open(&key, &text, "state", now).is_none());
        assert!(Claim::open(&key, &text, Uuid::nil(), now).is_none());
        if let Some(attempt) = SignInAttempt::open(&key, &sealed, "state", now) {
            assert_eq!(attempt.state(), "state");
        }
        let _ = Claim::open(&key, &sealed, Uuid::nil(), now);
    }));
}
