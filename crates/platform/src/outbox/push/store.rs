use kernel::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::Browser;
use crate::db::{DbError, Sql, Tx};

const BROWSER: &str = "id, created_at, endpoint, p256dh, auth, user_agent";

/// Adds a subscription, replacing any with the same endpoint.
pub(super) async fn put(tx: &Tx, person: Uuid, browser: &Browser) -> Result<(), DbError> {
    let sql = "DELETE FROM push_subscriptions WHERE endpoint = $1";
    tx.run(tx.statement(sql, [browser.endpoint.as_str().into()])).await?;
    let sql = "INSERT INTO push_subscriptions \
               (id, created_at, person_id, endpoint, p256dh, auth, user_agent) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        browser.id.into(),
        browser.created_at.into(),
        person.into(),
        browser.endpoint.as_str().into(),
        browser.p256dh.as_str().into(),
        browser.auth.as_str().into(),
        browser.user_agent.clone().into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Returns a person's push subscriptions, oldest first.
pub async fn of_person(db: &impl Sql, person: Uuid) -> Result<Vec<Browser>, DbError> {
    let sql = format!("SELECT {BROWSER} FROM push_subscriptions WHERE person_id = $1 ORDER BY id");
    db.all(db.statement(&sql, [person.into()])).await
}

pub(super) async fn find(db: &impl Sql, id: Uuid) -> Result<Option<Browser>, DbError> {
    let sql = format!("SELECT {BROWSER} FROM push_subscriptions WHERE id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// Removes a subscription.
pub(super) async fn end(tx: &Tx, id: Uuid) -> Result<(), DbError> {
    let sql = "DELETE FROM push_subscriptions WHERE id = $1";
    tx.run(tx.statement(sql, [id.into()])).await?;
    Ok(())
}

/// The stored, encrypted private key.
#[derive(FromQueryResult)]
pub(super) struct StoredKey {
    pub(super) signing_secret: Vec<u8>,
}

/// Finds a key by name.
pub(super) async fn key(db: &impl Sql, name: &str) -> Result<Option<StoredKey>, DbError> {
    let sql = "SELECT signing_secret FROM push_keys WHERE name = $1";
    db.one(db.statement(sql, [name.into()])).await
}

/// Adds a key.
pub(super) async fn insert_key(
    tx: &Tx,
    id: Uuid,
    name: &str,
    sealed: Vec<u8>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql =
        "INSERT INTO push_keys (id, created_at, name, signing_secret) VALUES ($1, $2, $3, $4)";
    let values = [id.into(), now.into(), name.into(), sealed.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}
