use chrono::TimeDelta;
use kernel::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{Endpoint, TEST, WebhookAttempt};
use crate::{
    Context,
    crypto::SealedColumn,
    db::{DbError, Sql, Tx},
};

/// The lock under which secrets are created and re-encrypted.
pub(super) const LOCK: &str = "outbox.webhook_endpoints";

/// The columns that hold the encrypted secrets.
pub const SEALED: [SealedColumn; 2] = [
    SealedColumn {
        table: "webhook_endpoints",
        column: "signing_secret",
        holds: "the secrets of people's webhooks",
        replaced: "people replace the secret at /settings/webhooks",
        lock: LOCK,
    },
    SealedColumn {
        table: "webhook_endpoints",
        column: "previous_secret",
        holds: "the replaced secrets of people's webhooks",
        replaced: "nothing to do",
        lock: LOCK,
    },
];

/// How long attempts are kept.
const ATTEMPTS_KEPT: TimeDelta = TimeDelta::days(30);

const ENDPOINT: &str = "id, created_at, person_id, url, description, previous_until, disabled_at, \
                        disabled_reason, last_success_at, failing_since";

/// Returns a person's webhooks, oldest first.
pub async fn of_person(db: &impl Sql, person: Uuid) -> Result<Vec<Endpoint>, DbError> {
    let sql = format!("SELECT {ENDPOINT} FROM webhook_endpoints WHERE person_id = $1 ORDER BY id");
    db.all(db.statement(&sql, [person.into()])).await
}

/// Returns the ids of a person's webhooks that are not disabled, oldest first.
pub async fn enabled(db: &impl Sql, person: Uuid) -> Result<Vec<Uuid>, DbError> {
    let all = of_person(db, person).await?;
    let enabled = all.into_iter().filter(|it| it.disabled_at.is_none());
    Ok(enabled.map(|it| it.id).collect())
}

/// Finds a webhook by id.
pub async fn find(db: &impl Sql, id: Uuid) -> Result<Option<Endpoint>, DbError> {
    let sql = format!("SELECT {ENDPOINT} FROM webhook_endpoints WHERE id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// The encrypted secrets of a webhook.
#[derive(FromQueryResult)]
pub(super) struct SealedSecrets {
    pub(super) signing_secret: Vec<u8>,
    pub(super) previous_secret: Option<Vec<u8>>,
}

/// Returns the encrypted secrets of a webhook.
pub(super) async fn sealed(db: &impl Sql, id: Uuid) -> Result<Option<SealedSecrets>, DbError> {
    let sql = "SELECT signing_secret, previous_secret FROM webhook_endpoints WHERE id = $1";
    db.one(db.statement(sql, [id.into()])).await
}

/// Adds a webhook with its encrypted secret.
pub(super) async fn insert(tx: &Tx, endpoint: &Endpoint, secret: Vec<u8>) -> Result<(), DbError> {
    let sql = "INSERT INTO webhook_endpoints \
               (id, created_at, person_id, url, description, signing_secret) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let values = [
        endpoint.id.into(),
        endpoint.created_at.into(),
        endpoint.person_id.into(),
        endpoint.url.as_str().into(),
        endpoint.description.as_str().into(),
        secret.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Changes the description of a person's webhook. Returns true if they have it.
pub(super) async fn describe(
    tx: &Tx,
    person: Uuid,
    id: Uuid,
    description: &str,
) -> Result<bool, DbError> {
    let sql = "UPDATE webhook_endpoints SET description = $1 WHERE id = $2 AND person_id = $3";
    let values = [description.into(), id.into(), person.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Replaces the secret of a person's webhook; the former one is kept until an instant. Returns true if they have
/// the webhook.
pub(super) async fn replace_secret(
    tx: &Tx,
    person: Uuid,
    id: Uuid,
    secret: Vec<u8>,
    previous_until: Timestamp,
) -> Result<bool, DbError> {
    let sql = "UPDATE webhook_endpoints SET previous_secret = signing_secret, \
               signing_secret = $1, previous_until = $2 WHERE id = $3 AND person_id = $4";
    let values = [secret.into(), previous_until.into(), id.into(), person.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Enables a person's webhook. Returns true if it was disabled.
pub(super) async fn enable(tx: &Tx, person: Uuid, id: Uuid) -> Result<bool, DbError> {
    let sql = "UPDATE webhook_endpoints SET disabled_at = NULL, disabled_reason = NULL, \
               failing_since = NULL WHERE id = $1 AND person_id = $2 AND disabled_at IS NOT NULL";
    Ok(tx.run(tx.statement(sql, [id.into(), person.into()])).await? > 0)
}

/// Disables a webhook. Returns true if it was enabled.
pub(super) async fn disable(
    tx: &Tx,
    id: Uuid,
    reason: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "UPDATE webhook_endpoints SET disabled_at = $1, disabled_reason = $2 \
               WHERE id = $3 AND disabled_at IS NULL";
    let values = [now.into(), reason.into(), id.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Removes a person's webhook, with its attempts and the messages that wait for it. The row is locked first, so that
/// no attempt is added meanwhile.
pub(super) async fn remove(tx: &Tx, person: Uuid, id: Uuid) -> Result<(), DbError> {
    tx.lock_rows("webhook_endpoints", [id]).await?;
    let sql = "DELETE FROM webhook_attempts WHERE endpoint_id IN \
               (SELECT id FROM webhook_endpoints WHERE id = $1 AND person_id = $2)";
    tx.run(tx.statement(sql, [id.into(), person.into()])).await?;
    let sql = "DELETE FROM webhook_endpoints WHERE id = $1 AND person_id = $2";
    tx.run(tx.statement(sql, [id.into(), person.into()])).await?;
    let sql = "DELETE FROM outbox_messages WHERE channel = 'webhook' AND recipient = $1 \
               AND person_id = $2 AND completed_at IS NULL AND claimed_by IS NULL";
    let values = [id.to_string().into(), person.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Records whether a webhook accepted a message. Returns since when it fails, or `None` if it does not exist
/// anymore or accepted the message.
pub(super) async fn note(
    tx: &Tx,
    endpoint: Uuid,
    attempt: &WebhookAttempt,
    now: Timestamp,
) -> Result<Option<Timestamp>, DbError> {
    let set = if attempt.is_accepted {
        "last_success_at = $1, failing_since = NULL"
    } else {
        "failing_since = COALESCE(failing_since, $1)"
    };
    // This also locks the row, so that the webhook is not removed before the attempt is added.
    let sql = format!("UPDATE webhook_endpoints SET {set} WHERE id = $2");
    let is_there = tx.run(tx.statement(&sql, [now.into(), endpoint.into()])).await? > 0;
    if !is_there {
        return Ok(None);
    }
    let sql = "INSERT INTO webhook_attempts (id, created_at, endpoint_id, message_id, kind, \
               is_accepted, status, milliseconds, answer) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let values = [
        attempt.id.into(),
        attempt.created_at.into(),
        endpoint.into(),
        attempt.message_id.into(),
        attempt.kind.as_str().into(),
        attempt.is_accepted.into(),
        attempt.status.into(),
        attempt.milliseconds.into(),
        attempt.answer.as_str().into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    let found = find(tx, endpoint).await?;
    Ok(found.and_then(|endpoint| endpoint.failing_since))
}

/// Returns the last attempts to send to a webhook, latest first.
pub async fn attempts(
    db: &impl Sql,
    endpoint: Uuid,
    limit: i64,
) -> Result<Vec<WebhookAttempt>, DbError> {
    let sql = "SELECT id, created_at, message_id, kind, is_accepted, status, milliseconds, answer \
               FROM webhook_attempts WHERE endpoint_id = $1 ORDER BY id DESC LIMIT $2";
    db.all(db.statement(sql, [endpoint.into(), limit.into()])).await
}

/// Deletes attempts after 30 days, and replaced secrets that no longer sign. Returns the number of attempts.
pub async fn forget(context: &Context) -> Result<u64, DbError> {
    let (tx, now) = (context.begin().await?, context.now());
    let before = now - ATTEMPTS_KEPT;
    let sql = "DELETE FROM webhook_attempts WHERE created_at < $1";
    let forgotten = tx.run(tx.statement(sql, [before.into()])).await?;
    let sql = "UPDATE webhook_endpoints SET previous_secret = NULL, previous_until = NULL \
               WHERE previous_until <= $1";
    tx.run(tx.statement(sql, [now.into()])).await?;
    tx.commit().await?;
    Ok(forgotten)
}

/// Counts the test events that a person sent since an instant.
pub(super) async fn tests_since(
    db: &impl Sql,
    person: Uuid,
    since: Timestamp,
) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM outbox_messages \
               WHERE person_id = $1 AND kind = $2 AND created_at >= $3";
    db.count(db.statement(sql, [person.into(), TEST.into(), since.into()])).await
}
