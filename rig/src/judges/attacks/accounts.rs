use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::json;

use super::target::{METRICS_TOKEN, Person, Target};
use crate::http::{Answer, request};

const EMAIL: &str = "/api/v1/me/email";

/// Moves the beginning of all sessions of a person to a past day.
async fn grow_old(target: &Target, person: &Person) -> Result<()> {
    let older = "UPDATE sessions SET created_at = '2026-01-01T00:00:00.000000Z' \
                 WHERE user_id = (SELECT id FROM users WHERE login = $1 AND claimed_at IS NOT NULL)";
    let changed = sqlx::query(older).bind(person.login.clone()).execute(&target.pool).await?;
    ensure!(changed.rows_affected() > 0, "there is no session to age");
    Ok(())
}

/// Checks that a request in an old session was refused.
fn asked_again(answer: &Answer) -> Result<()> {
    ensure!(
        answer.status == 403 && answer.text().contains("SIGN_IN_AGAIN"),
        "answered {}: {}",
        answer.status,
        answer.text()
    );
    Ok(())
}

async fn request_address(person: &Person, address: &str) -> Result<Answer> {
    let new = json!({ "address": address });
    person.call("PUT", EMAIL, &[], Some(&new)).await
}

/// Requests an address with a stolen session.
pub(super) async fn requests_address(target: &Target) -> Result<()> {
    let person = target.person(0).await?;
    grow_old(target, &person).await?;
    asked_again(&request_address(&person, "mallory@oak.example").await?)
}

/// Verifies an address with a stolen session, by a link that was requested when the sign-in was recent.
pub(super) async fn verifies_address(target: &Target) -> Result<()> {
    let person = target.person(0).await?;
    let asked = request_address(&person, "mallory@elm.example").await?;
    ensure!(asked.status == 202, "a recent session was refused: {}", asked.text());
    let token = json!({ "token": mailed_token(target).await? });
    grow_old(target, &person).await?;
    let path = format!("{EMAIL}/verify");
    asked_again(&person.call("POST", &path, &[], Some(&token)).await?)
}

/// Waits for the email with a link, and returns its token.
async fn mailed_token(target: &Target) -> Result<String> {
    for _ in 0..200 {
        let mailed = target.mailed()?;
        if let Some((_, rest)) = mailed.rsplit_once("token=") {
            let is_of_token = |c: &char| c.is_ascii_alphanumeric() || "_-".contains(*c);
            return Ok(rest.chars().take_while(is_of_token).collect());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    anyhow::bail!("no email with a link arrived")
}

/// Removes an address with a stolen session.
pub(super) async fn removes_address(target: &Target) -> Result<()> {
    let person = target.person(0).await?;
    grow_old(target, &person).await?;
    asked_again(&person.call("DELETE", EMAIL, &[], None).await?)
}

/// Repeats a request of a session with an access token that begins there, and the other way around.
pub(super) async fn replays(target: &Target) -> Result<()> {
    let admin = target.admin().await?;
    let begun = admin.call("POST", "/api/v1/auth/token", &[], None).await?;
    let token = begun.json()?["access_token"].as_str().context("no access token")?.to_owned();
    let bearer = format!("Bearer {token}");
    let path = "/api/v1/admin/ledger/checks";
    let by_token = async |key: &str| {
        let headers = [("Authorization", bearer.as_str()), ("Idempotency-Key", key)];
        request(target.serving.port, "POST", path, &headers, None).await
    };
    let by_session =
        async |key: &str| admin.call("POST", path, &[("Idempotency-Key", key)], None).await;
    for (first, second) in [
        (by_session("one").await?, by_token("one").await?),
        (by_token("two").await?, by_session("two").await?),
    ] {
        ensure!((200..300).contains(&first.status), "the first request failed: {}", first.text());
        ensure!(
            second.header("idempotency-replayed").is_none() && second.status == 422,
            "answered {}: {}",
            second.status,
            second.text()
        );
    }
    Ok(())
}

/// Reads the metrics without the right token.
pub(super) async fn reads_metrics(target: &Target, token: Option<&str>) -> Result<()> {
    let read = async |token: Option<&str>| {
        let bearer = token.map(|token| format!("Bearer {token}"));
        let header = bearer.as_deref().map(|bearer| ("Authorization", bearer));
        let headers: Vec<_> = header.into_iter().collect();
        request(target.serving.port, "GET", "/metrics", &headers, None).await
    };
    let right = read(Some(METRICS_TOKEN)).await?;
    ensure!(right.text().contains("guildhall_"), "the right token does not show the metrics");
    let wrong = read(token).await?;
    ensure!(
        matches!(wrong.status, 401 | 403 | 404) && !wrong.text().contains("guildhall_"),
        "answered {}",
        wrong.status
    );
    Ok(())
}
