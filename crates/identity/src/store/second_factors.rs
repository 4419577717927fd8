use kernel::Timestamp;
use platform::db::{DbError, Kind, Rows, Sql, Tx, erase_rows};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::UserId;

/// The lock under which secrets are encrypted again ([`super::SEALED`]).
pub(crate) const LOCK: &str = "identity.second_factors";

/// A stored second factor.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct FactorRow {
    pub(crate) id: Uuid,
    /// The encrypted secret.
    pub(crate) totp_secret: Vec<u8>,
    /// The time step of the last accepted code, of 30 seconds since 1970.
    pub(crate) last_step: Option<i64>,
}

/// Finds a person's second factor: the confirmed one, or the one that waits for its first code.
pub(crate) async fn of_person(
    db: &impl Sql,
    person: UserId,
    is_confirmed: bool,
) -> Result<Option<FactorRow>, DbError> {
    let sql = "SELECT id, totp_secret, last_step FROM second_factors \
               WHERE user_id = $1 AND (confirmed_at IS NOT NULL) = $2";
    db.one(db.statement(sql, [person.into(), is_confirmed.into()])).await
}

/// Inserts a second factor that waits for its first code, in place of an earlier one.
pub(crate) async fn replace(
    tx: &Tx,
    id: Uuid,
    person: UserId,
    totp_secret: Vec<u8>,
    now: Timestamp,
) -> Result<(), DbError> {
    erase_rows(tx, person.0, &["DELETE FROM second_factors WHERE user_id = $1"]).await?;
    let sql = "INSERT INTO second_factors (id, created_at, user_id, totp_secret) \
               VALUES ($1, $2, $3, $4)";
    let values = [id.into(), now.into(), person.into(), totp_secret.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

pub(crate) async fn confirm(tx: &Tx, id: Uuid, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE second_factors SET confirmed_at = $1 WHERE id = $2";
    tx.run(tx.statement(sql, [now.into(), id.into()])).await?;
    Ok(())
}

/// Stores the time step of an accepted code.
pub(crate) async fn use_step(tx: &Tx, id: Uuid, step: i64) -> Result<(), DbError> {
    let sql = "UPDATE second_factors SET last_step = $1 WHERE id = $2";
    tx.run(tx.statement(sql, [step.into(), id.into()])).await?;
    Ok(())
}

/// Deletes a person's second factor with its recovery codes, the wrong codes and all proofs of it; returns whether there was a
/// confirmed one.
pub(crate) async fn remove(tx: &Tx, person: UserId) -> Result<bool, DbError> {
    let was_confirmed = of_person(tx, person, true).await?.is_some();
    let statements = [
        "DELETE FROM recovery_codes WHERE user_id = $1",
        "DELETE FROM second_factors WHERE user_id = $1",
        "DELETE FROM wrong_codes WHERE user_id = $1",
        "UPDATE sessions SET factor_proven_at = NULL WHERE user_id = $1 AND factor_proven_at IS NOT NULL",
        "UPDATE api_tokens SET factor_proven_at = NULL WHERE user_id = $1 AND factor_proven_at IS NOT NULL",
    ];
    erase_rows(tx, person.0, &statements).await?;
    Ok(was_confirmed)
}

/// Stores that a session has proven the second factor of its person.
pub(crate) async fn prove(tx: &Tx, session: Uuid, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE sessions SET factor_proven_at = $1 WHERE id = $2";
    tx.run(tx.statement(sql, [now.into(), session.into()])).await?;
    Ok(())
}

/// Lets an app's session count as proven if the session that it begins from does.
pub(crate) async fn pass_to_family(tx: &Tx, session: Uuid, family: Uuid) -> Result<(), DbError> {
    let sql = "UPDATE sessions SET factor_proven_at = \
               (SELECT o.factor_proven_at FROM sessions o WHERE o.id = $1) WHERE id = $2";
    tx.run(tx.statement(sql, [session.into(), family.into()])).await?;
    Ok(())
}

/// Lets a token count as proven if the session that creates it does.
pub(crate) async fn pass_to_token(tx: &Tx, session: Uuid, token: Uuid) -> Result<(), DbError> {
    let sql = "UPDATE api_tokens SET factor_proven_at = \
               (SELECT o.factor_proven_at FROM sessions o WHERE o.id = $1) WHERE id = $2";
    tx.run(tx.statement(sql, [session.into(), token.into()])).await?;
    Ok(())
}

/// Replaces a person's recovery codes by those with these IDs and hashes.
pub(crate) async fn replace_codes(
    tx: &Tx,
    person: UserId,
    codes: impl IntoIterator<Item = (Uuid, Vec<u8>)>,
    now: Timestamp,
) -> Result<(), DbError> {
    erase_rows(tx, person.0, &["DELETE FROM recovery_codes WHERE user_id = $1"]).await?;
    let mut rows = Rows::new([("id", Kind::Uuid), ("code_hash", Kind::Bytes)]);
    for (id, hash) in codes {
        rows.push([id.into(), hash.into()]);
    }
    let mut query = tx.query();
    let (rows, person, now) = (query.rows(rows, "r"), query.bind(person), query.bind(now));
    let sql = format!(
        "INSERT INTO recovery_codes (id, created_at, user_id, code_hash) \
         SELECT r.id, {now}, {person}, r.code_hash FROM {rows}"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Marks a recovery code as used; returns whether the person had it and it was unused.
pub(crate) async fn use_code(
    tx: &Tx,
    person: UserId,
    code_hash: Vec<u8>,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "UPDATE recovery_codes SET used_at = $1 \
               WHERE user_id = $2 AND code_hash = $3 AND used_at IS NULL";
    Ok(tx.run(tx.statement(sql, [now.into(), person.into(), code_hash.into()])).await? > 0)
}

/// Lists the times of a person's latest wrong codes since an instant, newest first, at most `limit`.
pub(crate) async fn wrong_since(
    tx: &Tx,
    person: UserId,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<Timestamp>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        created_at: Timestamp,
    }
    let sql = "SELECT created_at FROM wrong_codes WHERE user_id = $1 AND created_at > $2 \
               ORDER BY created_at DESC LIMIT $3";
    let values = [person.into(), since.into(), limit.into()];
    let rows: Vec<Row> = tx.all(tx.statement(sql, values)).await?;
    Ok(rows.into_iter().map(|row| row.created_at).collect())
}

pub(crate) async fn note_wrong(
    tx: &Tx,
    id: Uuid,
    person: UserId,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO wrong_codes (id, created_at, user_id) VALUES ($1, $2, $3)";
    tx.run(tx.statement(sql, [id.into(), now.into(), person.into()])).await?;
    Ok(())
}

/// Deletes wrong codes from before an instant; returns their number.
pub(crate) async fn forget_wrong(tx: &Tx, before: Timestamp) -> Result<u64, DbError> {
    let sql = "DELETE FROM wrong_codes WHERE created_at < $1";
    tx.run(tx.statement(sql, [before.into()])).await
}
