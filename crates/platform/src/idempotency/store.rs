use std::time::Duration;

use kernel::Timestamp;
use uuid::Uuid;

use super::rule::{self, Fate, StoredAnswer};
use crate::{
    ActionError, Context,
    crypto::{KeyRing, SealedColumn},
    db::{Claim, DbError, Engine, Sql, Tx, erase_rows},
};

/// The column of responses, which are encrypted because they may contain a secret that is shown once, such as a
/// token.
pub const SEALED: SealedColumn = SealedColumn {
    table: "stored_responses",
    column: "response_secret",
    holds: "stored responses to repeated requests",
    replaced: "nothing to do, they expire after a day",
    lock: "kept answers",
};

/// The lifetime of a claim, which is longer than any request takes. Once another request has taken the claim
/// over, the first can no longer commit.
const LEASE: Duration = Duration::from_secs(60);

pub(super) struct KeyedRequest {
    pub(super) person: Uuid,
    /// The method and the path pattern.
    pub(super) route: String,
    pub(super) key_hash: Vec<u8>,
    pub(super) fingerprint: Vec<u8>,
}

/// The outcome of claiming a key.
pub(super) enum ClaimOutcome {
    Claimed(Claim),
    Fate(Fate),
}

/// Claims the key. If it is known, decides about the request instead.
pub(super) async fn claim(
    context: &Context,
    request: &KeyedRequest,
) -> Result<ClaimOutcome, DbError> {
    let now = context.now();
    let claim = Claim { row: context.ids.next(), holder: context.ids.next() };
    let tx = context.begin().await?;
    let sql = "INSERT INTO stored_responses \
               (id, created_at, user_id, route, key_hash, fingerprint, claim, claimed_until) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
               ON CONFLICT (user_id, route, key_hash) DO NOTHING";
    let values = [
        claim.row.into(),
        now.into(),
        request.person.into(),
        request.route.clone().into(),
        request.key_hash.clone().into(),
        request.fingerprint.clone().into(),
        claim.holder.into(),
        (now + LEASE).into(),
    ];
    if tx.run(tx.statement(sql, values)).await? > 0 {
        tx.commit().await?;
        return Ok(ClaimOutcome::Claimed(claim));
    }
    let lock = match tx.engine() {
        Engine::Sqlite => "",
        Engine::Postgres => "FOR UPDATE",
    };
    let sql = format!(
        "SELECT id, created_at, fingerprint, claimed_until, is_done, response_secret FROM stored_responses \
         WHERE user_id = $1 AND route = $2 AND key_hash = $3 {lock}"
    );
    let values =
        [request.person.into(), request.route.clone().into(), request.key_hash.clone().into()];
    let kept: Option<StoredAnswer> = tx.one(tx.statement(&sql, values)).await?;
    let Some(kept) = kept else {
        // The key was released a moment ago.
        return Ok(ClaimOutcome::Fate(Fate::Refused(rule::under_way())));
    };
    let row = kept.id;
    match rule::fate(kept, &request.fingerprint, now) {
        Fate::Begins => {}
        fate => return Ok(ClaimOutcome::Fate(fate)),
    }
    let sql = "UPDATE stored_responses SET created_at = $1, fingerprint = $2, claim = $3, \
               claimed_until = $4, is_done = FALSE, response_secret = NULL WHERE id = $5";
    let values = [
        now.into(),
        request.fingerprint.clone().into(),
        claim.holder.into(),
        (now + LEASE).into(),
        row.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    tx.commit().await?;
    Ok(ClaimOutcome::Claimed(Claim { row, ..claim }))
}

/// Releases a key under which nothing was committed. Returns false if something was.
pub(super) async fn release(context: &Context, claim: Claim) -> Result<bool, DbError> {
    let tx = context.begin().await?;
    let sql = "DELETE FROM stored_responses WHERE id = $1 AND claim = $2 AND NOT is_done";
    let values = [claim.row.into(), claim.holder.into()];
    let released = tx.run(tx.statement(sql, values)).await?;
    tx.commit().await?;
    Ok(released > 0)
}

/// Stores a response.
pub(super) async fn keep(
    context: &Context,
    ring: &KeyRing,
    claim: Claim,
    answer: &[u8],
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    tx.serialize(SEALED.lock).await?;
    let sql = "UPDATE stored_responses SET is_done = TRUE, response_secret = $1 \
               WHERE id = $2 AND claim = $3";
    let sealed = ring.seal(answer)?;
    let values = [sealed.into(), claim.row.into(), claim.holder.into()];
    tx.run(tx.statement(sql, values)).await?;
    tx.commit().await?;
    Ok(())
}

/// Deletes keys claimed up to an instant. Returns their number.
pub async fn forget(context: &Context, before: Timestamp) -> Result<u64, DbError> {
    let tx = context.begin().await?;
    let sql = "DELETE FROM stored_responses WHERE created_at <= $1";
    let forgotten = tx.run(tx.statement(sql, [before.into()])).await?;
    tx.commit().await?;
    Ok(forgotten)
}

/// Deletes a person's keys and responses.
pub async fn erase(tx: &Tx, person: Uuid) -> Result<(), DbError> {
    let sql = "DELETE FROM stored_responses WHERE user_id = $1";
    erase_rows(tx, person, &[sql]).await
}
