use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::target::{GENUINE, HOSTILE, Target, refused};
use crate::installation::SECRET;

/// The instant that the attacker's deliveries claim, so that they are the latest ones.
const LATEST: &str = "2999-01-01T00:00:00Z";
/// A person known from a genuine delivery.
const HEXACAT: (u64, &str) = (7_001, "octo-hexacat");

fn set(body: &mut Value, pointer: &str, value: Value) -> Result<()> {
    let (parent, field) = pointer.rsplit_once('/').context("a pointer")?;
    let parent = body.pointer_mut(parent);
    parent.with_context(|| format!("no field {pointer}"))?[field] = value;
    Ok(())
}

/// Returns a body of the attacker's repository that claims to be the latest one.
fn latest(target: &Target, number: u64, author: (u64, &str)) -> Result<Value> {
    let mut body = target.opened(HOSTILE, number, author);
    set(&mut body, "/pull_request/updated_at", json!(LATEST))?;
    Ok(body)
}

/// States another login or kind of a known person.
pub(super) async fn restates(target: &Target, pointer: &str, value: &str) -> Result<()> {
    target.deliver(GENUINE, &target.opened(GENUINE, 1, HEXACAT)).await?;
    let path = format!("/api/v1/people/{}", HEXACAT.1);
    let (status, before) = target.json(&path).await?;
    ensure!(status == 200, "the person is not known before: {before}");
    let mut body = latest(target, 1, HEXACAT)?;
    set(&mut body, pointer, json!(value))?;
    set(&mut body, "/pull_request/user/avatar_url", json!("https://mallory.example/avatar"))?;
    target.deliver(HOSTILE, &body).await?;
    let (status, after) = target.json(&path).await?;
    ensure!(status == 200, "{before} is gone: {after}");
    for field in ["id", "login", "kind", "avatar_url"] {
        ensure!(
            after[field] == before[field],
            "{field} is now {}, not {}",
            after[field],
            before[field]
        );
    }
    let named = "SELECT count(*) FROM user_logins WHERE login = $1";
    ensure!(target.count(named, value).await? == 0, "the login {value} was recorded");
    Ok(())
}

/// States the login of a person who has signed in for another account, and lets an admin grant a role by login.
pub(super) async fn takes_over_a_login(target: &Target) -> Result<()> {
    let person = target.person(0).await?;
    let body = latest(target, 2, (6_660, &person.login))?;
    target.deliver(HOSTILE, &body).await?;
    let (_, shown) = target.json(&format!("/api/v1/people/{}", person.login)).await?;
    ensure!(shown["id"] == person.id.as_str(), "{} is now {shown}", person.login);
    let (status, other) = target.json("/api/v1/people/6660.github").await?;
    ensure!(status == 200, "the other account has no placeholder: {other}");
    let admin = target.admin().await?;
    let by_login = format!("/api/v1/admin/people/{}/role", person.login);
    for (role, raised) in [("moderator", 1), ("user", 0)] {
        let answer = admin.call("PUT", &by_login, &[], Some(&json!({ "role": role }))).await?;
        ensure!(answer.status == 204, "a grant by login was answered {}", answer.text());
        let own = "SELECT count(*) FROM users WHERE role = 'moderator' AND login = $1";
        ensure!(target.count(own, &person.login).await? == raised, "{role}: another one got it");
        let all = "SELECT count(*) FROM users WHERE role = $1";
        ensure!(target.count(all, "moderator").await? == raised, "{role}: others have the role");
    }
    Ok(())
}

/// States a login that GitHub does not allow.
pub(super) async fn names(target: &Target, login: &str) -> Result<()> {
    let before = target.count(FAILED, "%").await?;
    let author = target.sent_so_far() + 8_000;
    target.deliver(HOSTILE, &latest(target, 3, (author, login))?).await?;
    let stored = "SELECT count(*) FROM users WHERE login = $1";
    ensure!(target.count(stored, login).await? == 0, "the login was stored");
    let placeholder = format!("{author}.github");
    ensure!(target.count(stored, &placeholder).await? == 1, "there is no {placeholder}");
    ensure!(target.count(FAILED, "%").await? == before, "the delivery failed");
    Ok(())
}

/// Counts failed deliveries by the beginning of their error.
const FAILED: &str =
    "SELECT count(*) FROM webhook_deliveries WHERE dead_at IS NOT NULL AND last_error LIKE $1";

/// States the name of another repository.
pub(super) async fn takes_a_repository(target: &Target) -> Result<()> {
    target.deliver(GENUINE, &target.opened(GENUINE, 4, HEXACAT)).await?;
    let mut body = latest(target, 4, HEXACAT)?;
    set(&mut body, "/pull_request/title", json!("The attacker's one"))?;
    set(&mut body, "/repository/full_name", json!(GENUINE.name))?;
    set(&mut body, "/pull_request/base/repo/full_name", json!(GENUINE.name))?;
    target.deliver(HOSTILE, &body).await?;
    let path = format!("/api/v1/pull-requests/{}/4", GENUINE.name);
    let (_, shown) = target.json(&path).await?;
    ensure!(shown["title"] == "The genuine one", "{path} shows {shown}");
    Ok(())
}

/// States a name that GitHub does not allow.
pub(super) async fn names_repository(target: &Target, name: &str) -> Result<()> {
    let before = target.count(FAILED, "repository.full_name: %").await?;
    let mut body = latest(target, 5, HEXACAT)?;
    set(&mut body, "/repository/full_name", json!(name))?;
    target.deliver(HOSTILE, &body).await?;
    let stored = "SELECT count(*) FROM repositories WHERE full_name = $1";
    ensure!(target.count(stored, name).await? == 0, "the name was stored");
    let failed = target.count(FAILED, "repository.full_name: %").await?;
    ensure!(failed == before + 1, "the delivery is not among the failed ones");
    Ok(())
}

/// States times in the future.
pub(super) async fn dates(target: &Target) -> Result<()> {
    let mut body = latest(target, 6, HEXACAT)?;
    for field in ["created_at", "closed_at", "merged_at"] {
        set(&mut body, &format!("/pull_request/{field}"), json!(LATEST))?;
    }
    set(&mut body, "/pull_request/state", json!("closed"))?;
    target.deliver(HOSTILE, &body).await?;
    let path = format!("/api/v1/pull-requests/{}/6", HOSTILE.name);
    let (status, shown) = target.json(&path).await?;
    ensure!(status == 200, "{path} is answered {status}: {shown}");
    ensure!(!shown.to_string().contains("2999-"), "{path} shows {shown}");
    Ok(())
}

/// Signs with the secret of all webhooks for a repository that has its own.
pub(super) async fn shared_secret(target: &Target, hook: Option<u64>) -> Result<()> {
    let body = target.opened(GENUINE, 7, HEXACAT);
    refused(&target.send(&body, hook, SECRET).await?)
}

/// Signs with the attacker's own secret for another repository.
pub(super) async fn foreign_secret(target: &Target) -> Result<()> {
    let body = target.opened(GENUINE, 8, HEXACAT);
    for hook in [None, Some(GENUINE.hook)] {
        refused(&target.send(&body, hook, HOSTILE.secret).await?)?;
    }
    let own = target.send(&body, Some(HOSTILE.hook), HOSTILE.secret).await?;
    if own.status == 202 {
        target.settled().await?;
    }
    let path = format!("/api/v1/pull-requests/{}/8", GENUINE.name);
    let (status, shown) = target.json(&path).await?;
    ensure!(status == 404, "{path} shows {shown}");
    Ok(())
}
