//! Accepted and repeated deliveries, and refusals of wrong headers, signatures and methods.

use github::{
    actions::{Inbox, NewDelivery},
    rules::body::pack,
};
use serde_json::json;

use super::call::{Call, outcomes, stored};
use crate::app::TestApp;

const PING: &str = r#"{"zen":"Half measures are as bad as nothing at all."}"#;

#[tokio::test]
async fn a_valid_delivery_is_stored_before_it_is_acknowledged() {
    let app = TestApp::start().await;
    let answer = Call::new("ping", PING).answer(&app).await;
    assert_eq!(answer, (202, json!({ "duplicate": false })));
    assert_eq!(stored(&app).await, 1);
    app.work().await;
    assert_eq!(outcomes(&app).await, ["ping"]);
    app.finish().await;
}

#[tokio::test]
async fn both_webhook_addresses_share_one_inbox() {
    let app = TestApp::start().await;
    let old = Call::new("ping", PING).to("/api/webhooks/github");
    assert_eq!(old.answer(&app).await, (202, json!({ "duplicate": false })));
    let new = Call::new("ping", PING);
    assert_eq!(new.answer(&app).await, (202, json!({ "duplicate": true })));
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_delivery_id_is_stored_once() {
    let app = TestApp::start().await;
    for duplicate in [false, true, true] {
        // A different body with the same id counts as the same delivery.
        let call = Call::new("ping", format!("{{\"n\":{duplicate}}}"));
        let answer = call.with("x-github-delivery", "one").answer(&app).await;
        assert_eq!(answer, (202, json!({ "duplicate": duplicate })));
    }
    assert_eq!(stored(&app).await, 1);
    app.work().await;
    let again = Call::new("ping", PING).with("x-github-delivery", "one");
    assert_eq!(again.answer(&app).await, (202, json!({ "duplicate": true })));
    assert_eq!(app.undone().await, 0, "a completed delivery stays completed");
    app.finish().await;
}

#[tokio::test]
async fn a_different_body_with_a_known_id_is_reported() {
    let app = TestApp::start().await;
    let inbox = Inbox::start(app.context().clone());
    let accept = async |fingerprint: u8| {
        let new = NewDelivery {
            delivery_id: "one".to_owned(),
            event: "ping".to_owned(),
            action: None,
            hook_id: None,
            repository_github_id: None,
            installation_id: None,
            fingerprint: vec![fingerprint; 16],
            body_size: 2,
            body: pack(b"{}").expect("packed"),
        };
        let receipt = inbox.accept(new).await.expect("stored");
        (receipt.is_duplicate, receipt.is_altered)
    };
    assert_eq!(accept(1).await, (false, false));
    assert_eq!(accept(2).await, (true, true));
    assert_eq!(accept(1).await, (true, false));
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn equal_deliveries_at_once_are_stored_once() {
    let app = TestApp::start().await;
    let calls = (0..16).map(|_| Call::new("ping", PING).answer(&app));
    let answers = futures_util::future::join_all(calls).await;
    let fresh = json!({ "duplicate": false });
    assert!(answers.iter().all(|(status, _)| *status == 202));
    assert_eq!(answers.iter().filter(|(_, body)| *body == fresh).count(), 1);
    assert_eq!(stored(&app).await, 1);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn an_unused_event_is_stored_and_the_answer_says_so() {
    let app = TestApp::start().await;
    let answer = Call::new("star", r#"{"action":"created"}"#).answer(&app).await;
    assert_eq!(answer.0, 202);
    app.work().await;
    assert_eq!(outcomes(&app).await, ["event not used"]);
    app.finish().await;
}

#[tokio::test]
async fn a_delivery_without_a_valid_signature_is_refused() {
    let app = TestApp::start().await;
    let ping = || Call::new("ping", PING);
    let code = "BAD_SIGNATURE";
    let unsigned = ping().without("x-hub-signature-256");
    unsigned.refused(&app, 401, code, "Set a secret in the webhook's settings").await;
    let wrong = ping().signed_with("another secret");
    wrong.refused(&app, 401, code, "does not match").await;
    for broken in ["", "sha256=", "sha1=00", "sha256=zz", &"0".repeat(64)] {
        let broken = ping().with("x-hub-signature-256", broken);
        broken.refused(&app, 401, code, "").await;
    }
    app.finish().await;
}

#[tokio::test]
async fn without_a_secret_every_delivery_is_refused() {
    let app = TestApp::with(|config| config.github_webhook_secret = None).await;
    let signed_with_nothing = Call::new("ping", PING).signed_with("");
    signed_with_nothing.refused(&app, 401, "BAD_SIGNATURE", "does not match").await;
    app.finish().await;
}

#[tokio::test]
async fn form_encoded_deliveries_are_refused_with_instructions() {
    let app = TestApp::start().await;
    for content_type in ["application/x-www-form-urlencoded", "text/plain", ""] {
        let form = Call::new("ping", PING).with("content-type", content_type);
        form.refused(&app, 415, "UNSUPPORTED_MEDIA_TYPE", "content type to application/json").await;
    }
    let untyped = Call::new("ping", PING).without("content-type");
    untyped.refused(&app, 415, "UNSUPPORTED_MEDIA_TYPE", "").await;
    let charset = Call::new("ping", PING).with("content-type", "Application/JSON; charset=utf-8");
    assert_eq!(charset.answer(&app).await.0, 202);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn missing_headers_are_named_to_signed_senders_only() {
    let app = TestApp::start().await;
    for header in ["x-github-event", "x-github-delivery"] {
        let missing = Call::new("ping", PING).without(header);
        missing.refused(&app, 400, "MISSING_HEADER", header).await;
        let blank = Call::new("ping", PING).with(header, " ");
        blank.refused(&app, 400, "MISSING_HEADER", header).await;
        let long = Call::new("ping", PING).with(header, &"x".repeat(101));
        long.refused(&app, 400, "BAD_HEADER", header).await;
        let stranger = Call::new("ping", PING).without(header).signed_with("x");
        stranger.refused(&app, 401, "BAD_SIGNATURE", "").await;
    }
    app.finish().await;
}

#[tokio::test]
async fn only_post_is_answered() {
    let app = TestApp::start().await;
    let response = app.get("/api/v1/webhooks/github").send().await;
    assert_eq!(response.expect("an answer").status(), 405);
    app.finish().await;
}
