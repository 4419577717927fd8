//! Replacing a hook's secret while deliveries arrive: both secrets are accepted until the old one expires.

use chrono::TimeDelta;
use github::actions::{NewRepository, forget_secrets, replace_secret};
use kernel::Timestamp;
use platform::{ActionError, audit::Actor::Operator};
use serde_json::json;

use super::call::Call;
use crate::app::{SECRET, TestApp};

const HOOK: i64 = 501;
const OLD: &str = "the lantern's own secret";
const NEW: &str = "the lantern's new secret";
const NAME: &str = "octo-org/lantern";

async fn app() -> TestApp {
    let app = TestApp::start().await;
    app.project("season").await;
    for (github_id, name, hook) in
        [(1, NAME, Some((HOOK, OLD.into()))), (2, "octo-org/harbor", None)]
    {
        let full_name = name.to_owned();
        let new = NewRepository { full_name, github_id, hook };
        app.register("season", &new).await;
    }
    app
}

async fn replace(
    app: &TestApp,
    name: &str,
    secret: &str,
    hours: i64,
) -> Result<Option<Timestamp>, ActionError> {
    let (context, ring) = (app.context(), &app.server.ring);
    let (secret, span) = (secret.into(), TimeDelta::hours(hours));
    replace_secret(context, ring, Operator, (name, None), &secret, span).await
}

/// Sends a ping; returns the status, and whether the answer warns about the old secret.
async fn answer(app: &TestApp, secret: &str) -> (u16, bool) {
    static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let body = format!(r#"{{"n":{number},"repository":{{"id":1}}}}"#);
    let (status, said) = Call::new("ping", body).of_hook(HOOK, secret).answer(app).await;
    (status, said["used_previous_secret"] == true)
}

async fn refused(app: &TestApp, name: &str, secret: &str) -> &'static str {
    match replace(app, name, secret, 24).await {
        Err(ActionError::Refused(problem)) => problem.code,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn both_secrets_are_accepted_until_the_old_one_expires() {
    let app = app().await;
    assert_eq!(answer(&app, OLD).await, (202, false));
    assert_eq!(answer(&app, NEW).await.0, 401);
    let ends_at = replace(&app, "Octo-Org/Lantern", NEW, 24).await.expect("replaced");
    assert_eq!(answer(&app, NEW).await, (202, false));
    assert_eq!(answer(&app, OLD).await, (202, true));
    assert_eq!(answer(&app, SECRET).await.0, 401, "the server's own");
    let ends_at = ends_at.expect("an end");
    app.clock.set(ends_at - TimeDelta::seconds(1));
    assert_eq!(answer(&app, OLD).await, (202, true));
    // The server's cache of hooks does not extend it.
    app.clock.set(ends_at);
    assert_eq!(answer(&app, OLD).await.0, 401);
    assert_eq!(answer(&app, NEW).await, (202, false));
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn an_expired_secret_is_deleted() {
    let app = app().await;
    let kept = "SELECT count(*) FROM repositories WHERE previous_hook_secret IS NOT NULL";
    let ends_at = replace(&app, NAME, NEW, 1).await.expect("replaced").expect("an end");
    assert_eq!(
        (forget_secrets(app.context()).await.expect("looked"), app.count(kept).await),
        (0, 1)
    );
    app.clock.set(ends_at);
    assert_eq!(
        (forget_secrets(app.context()).await.expect("looked"), app.count(kept).await),
        (1, 0)
    );
    app.finish().await;
}

#[tokio::test]
async fn the_old_secret_can_be_ended_at_once() {
    let app = app().await;
    assert_eq!(replace(&app, NAME, NEW, 0).await.expect("replaced"), None);
    // Servers cache a hook for five seconds, but this one has not cached it yet.
    let kept = "SELECT count(*) FROM repositories WHERE previous_hook_secret IS NOT NULL";
    assert_eq!(app.count(kept).await, 0);
    assert_eq!(answer(&app, NEW).await, (202, false));
    assert_eq!(answer(&app, OLD).await.0, 401);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn invalid_replacements_are_refused() {
    let app = app().await;
    assert_eq!(refused(&app, NAME, "of fifteen byte").await, "SECRET_TOO_SHORT");
    assert_eq!(refused(&app, NAME, "a secret\nof two lines").await, "SECRET_HAS_LINES");
    assert_eq!(refused(&app, "octo-org/harbor", NEW).await, "NO_OWN_HOOK");
    assert_eq!(refused(&app, "octo-org/nowhere", NEW).await, "NOT_FOUND");
    replace(&app, NAME, NEW, 24).await.expect("replaced");
    // Replacing the secret with itself would end the old one early.
    assert_eq!(refused(&app, NAME, NEW).await, "SAME_SECRET");
    assert_eq!(answer(&app, OLD).await, (202, true));
    app.change("UPDATE repositories SET full_name = 'octo-org/lantern'").await.expect("renamed");
    assert_eq!(refused(&app, NAME, OLD).await, "AMBIGUOUS_NAME");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn the_servers_own_secret_has_a_previous_one() {
    let app = TestApp::with(|config| {
        config.github_webhook_secret_previous = Some(OLD.to_owned().into());
    })
    .await;
    for (secret, says) in [
        (SECRET, json!({ "duplicate": false })),
        (OLD, json!({ "duplicate": false, "used_previous_secret": true })),
    ] {
        let call = Call::new("ping", format!(r#"{{"of":"{secret}"}}"#));
        assert_eq!(call.signed_with(secret).answer(&app).await, (202, says));
    }
    let wrong = Call::new("ping", "{}").signed_with(NEW).answer(&app).await;
    assert_eq!(wrong.0, 401);
    app.work().await;
    app.finish().await;
}
