//! Signed credentials of one's own badges.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use identity::model::Role;
use recognition::rules::badges::Criteria;
use ring::signature::{ED25519, UnparsedPublicKey};
use serde_json::{Value, json};

use super::merged;
use crate::app::TestApp;

const PATH: &str = "/api/v1/people/hexacat/badges/first-merge/credential";

fn decoded(part: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(part).expect("base64url")
}

fn document(part: &str) -> Value {
    serde_json::from_slice(&decoded(part)).expect("JSON")
}

#[tokio::test]
async fn the_published_key_verifies_a_credential() {
    let app = TestApp::of_lantern().await;
    app.deliver_all(&[&merged(1, "hexacat", 3)]).await;
    let none = app.json("/.well-known/jwks.json").await;
    assert_eq!(none, json!({ "keys": [] }));
    let own = app.browser_of("hexacat").await;
    let answer = own.get(PATH).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let [header, payload, signature] = answer.text.split('.').collect::<Vec<_>>()[..] else {
        panic!("not three parts: {}", answer.text);
    };
    let keys = app.json("/.well-known/jwks.json").await;
    let key = &keys["keys"][0];
    assert_eq!(document(header)["kid"], key["kid"]);
    assert_eq!(document(header)["alg"], "EdDSA");
    let public = decoded(key["x"].as_str().expect("a key"));
    let signed = format!("{header}.{payload}");
    UnparsedPublicKey::new(&ED25519, public)
        .verify(signed.as_bytes(), &decoded(signature))
        .expect("verified");
    let credential = document(payload);
    let achievement = &credential["credentialSubject"]["achievement"];
    assert_eq!(achievement["name"], "First merge");
    assert_eq!(credential["validFrom"], "2026-10-03T09:00:00Z");
    let person = format!("urn:uuid:{}", app.person_id("hexacat").await);
    assert_eq!(credential["sub"], person, "another account may get the login later");
    // The same key signs the next one.
    let again = own.get(PATH).await.text;
    assert_eq!(again, answer.text);
    app.finish().await;
}

#[tokio::test]
async fn a_revoked_badge_is_in_the_list_that_its_credential_names() {
    let app = TestApp::of_lantern().await;
    app.badge("helper", Criteria::Manual).await;
    app.deliver_all(&[&merged(1, "hexacat", 1)]).await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let form = [("login", "hexacat"), ("reason", "For help")];
    assert_eq!(admin.post("/admin/badges/helper/award", &form).await.status, 303);
    let own = app.browser_of("hexacat").await;
    let token = own.get("/api/v1/people/hexacat/badges/helper/credential").await.text;
    let credential = document(token.split('.').nth(1).expect("a payload"));
    let status = &credential["credentialStatus"];
    assert_eq!(status["type"], "1EdTechRevocationList");
    let path = "/badges/revocations.json";
    assert!(status["id"].as_str().expect("a URL").ends_with(path), "{status}");
    let none = app.json(path).await;
    assert_eq!(none["revokedCredential"], json!([]));
    assert_eq!(admin.post("/admin/badges/helper/revoke", &form).await.status, 303);
    let list = app.json(path).await;
    assert_eq!(list["id"], status["id"]);
    let revoked = json!([{ "id": credential["id"], "revoked": true }]);
    assert_eq!(list["revokedCredential"], revoked);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn credentials_of_others_and_of_missing_badges_are_refused() {
    let app = TestApp::of_lantern().await;
    app.deliver_all(&[&merged(1, "hexacat", 3)]).await;
    let other = app.browser_of("monacat").await;
    for path in [
        PATH,
        "/api/v1/people/monacat/badges/first-merge/credential",
        "/api/v1/people/monacat/badges/none/credential",
    ] {
        let refused = other.get(path).await;
        assert_eq!(refused.status, 404, "{path}: {}", refused.text);
    }
    app.refuses(PATH, 401, "SIGN_IN_REQUIRED", "signed in").await;
    app.finish().await;
}
