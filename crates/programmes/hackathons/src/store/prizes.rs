//! Statements for prizes and their awards.

use identity::model::UserId;
use kernel::Timestamp;
use platform::{
    crypto::SealedColumn,
    db::{Cell, DbError, Sql as _, Tx},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{HackathonId, PrizeAwardId, PrizeId, PrizeState, SubmissionId},
    rules::prizes::PrizeDetails,
};

/// The column that holds encrypted values.
pub(crate) const SEALED: SealedColumn = SealedColumn {
    table: "prize_awards",
    column: "claim_secret",
    holds: "the addresses to which prizes of hackathons are sent",
    replaced: "ask the winners again",
    lock: CLAIMS,
};

/// The lock under which claim details are encrypted.
pub(crate) const CLAIMS: &str = "hackathons.prize_claims";

pub(crate) async fn insert(
    tx: &Tx,
    id: PrizeId,
    hackathon: HackathonId,
    slug: &str,
    details: &PrizeDetails,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut query = tx.query();
    let own: [(&str, Cell); 5] = [
        ("id", id.into()),
        ("created_at", now.into()),
        ("updated_at", now.into()),
        ("hackathon_id", hackathon.into()),
        ("slug", slug.into()),
    ];
    let values = query.values(own.into_iter().chain(cells(details)));
    let sql = format!("INSERT INTO prizes {values}");
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Writes the details of a prize.
pub(crate) async fn update(
    tx: &Tx,
    id: PrizeId,
    details: &PrizeDetails,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut query = tx.query();
    let set = query.assignments(cells(details));
    let (now, id) = (query.bind(now), query.bind(id));
    let sql = format!("UPDATE prizes SET {set}, updated_at = {now} WHERE id = {id}");
    tx.run(query.statement(sql)).await?;
    Ok(())
}

fn cells(details: &PrizeDetails) -> [(&'static str, Cell); 6] {
    [
        ("name", details.name.as_str().into()),
        ("track", details.track.as_str().into()),
        ("sponsor", details.sponsor.as_str().into()),
        ("value", details.value.as_str().into()),
        ("count", details.count.into()),
        ("position", details.position.into()),
    ]
}

/// Deletes a prize without awards.
pub(crate) async fn delete(tx: &Tx, id: PrizeId) -> Result<(), DbError> {
    let sql = "DELETE FROM prizes WHERE id = $1";
    tx.run(tx.statement(sql, [id.into()])).await?;
    Ok(())
}

pub(crate) struct NewAward {
    pub(crate) id: PrizeAwardId,
    pub(crate) hackathon: HackathonId,
    pub(crate) prize: PrizeId,
    pub(crate) submission: SubmissionId,
    /// The instant from which everyone sees it; absent before the results.
    pub(crate) published_at: Option<Timestamp>,
    pub(crate) decided_by: Option<Uuid>,
}

/// Inserts an award. The caller holds the lock of the hackathon's row.
pub(crate) async fn insert_award(tx: &Tx, new: NewAward, now: Timestamp) -> Result<(), DbError> {
    let sql = "INSERT INTO prize_awards (id, created_at, hackathon_id, prize_id, submission_id, state, state_at, \
               published_at, decided_by_id) VALUES ($1, $2, $3, $4, $5, 'awarded', $2, $6, $7)";
    let values = [
        new.id.into(),
        now.into(),
        new.hackathon.into(),
        new.prize.into(),
        new.submission.into(),
        new.published_at.into(),
        new.decided_by.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Deletes an award that is not published.
pub(crate) async fn delete_award(tx: &Tx, id: PrizeAwardId) -> Result<(), DbError> {
    let sql = "DELETE FROM prize_awards WHERE id = $1 AND published_at IS NULL";
    tx.run(tx.statement(sql, [id.into()])).await?;
    Ok(())
}

/// Publishes the awards of a hackathon. Returns them.
pub(crate) async fn publish(
    tx: &Tx,
    hackathon: HackathonId,
    now: Timestamp,
) -> Result<Vec<Uuid>, DbError> {
    let sql = "UPDATE prize_awards SET published_at = $2, state_at = $2 WHERE hackathon_id = $1 \
               AND published_at IS NULL RETURNING id";
    let values = [hackathon.into(), now.into()];
    ids(tx, sql, values).await
}

/// Stores the encrypted claim details of an award, and the person.
pub(crate) async fn claim(
    tx: &Tx,
    id: PrizeAwardId,
    person: UserId,
    claim: Vec<u8>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE prize_awards SET state = 'claimed', state_at = $2, claimed_by_id = $3, claim_secret = $4 \
               WHERE id = $1";
    let values = [id.into(), now.into(), person.into(), claim.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Stores the state of an award with its reason. A received or forfeited one loses its claim details.
pub(crate) async fn set_state(
    tx: &Tx,
    id: PrizeAwardId,
    state: PrizeState,
    reason: Option<&str>,
    decided_by: Option<Uuid>,
    now: Timestamp,
) -> Result<(), DbError> {
    let claim = if state.is_open() { "claim_secret" } else { "NULL" };
    let sql = format!(
        "UPDATE prize_awards SET state = $2, state_at = $3, reason = $4, decided_by_id = $5, \
         claim_secret = {claim} WHERE id = $1"
    );
    let values = [id.into(), state.as_str().into(), now.into(), reason.into(), decided_by.into()];
    tx.run(tx.statement(&sql, values)).await?;
    Ok(())
}

/// Marks the published awards that waited since before an instant, and whose organizers were not reminded, as reminded. Returns them.
pub(crate) async fn remind_organizers(
    tx: &Tx,
    before: Timestamp,
    now: Timestamp,
) -> Result<Vec<Uuid>, DbError> {
    let sql = "UPDATE prize_awards SET reminded_at = $2 WHERE state IN ('awarded', 'claimed') \
               AND reminded_at IS NULL AND published_at <= $1 RETURNING id";
    let values = [before.into(), now.into()];
    ids(tx, sql, values).await
}

async fn ids(tx: &Tx, sql: &str, values: [Cell; 2]) -> Result<Vec<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let rows: Vec<Row> = tx.all(tx.statement(sql, values)).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Removes the claim details of a person. A prize that was not sent can be claimed again by another member. Reasons about a person
/// who submitted alone go too.
pub(crate) async fn forget(tx: &Tx, person: UserId, now: Timestamp) -> Result<(), DbError> {
    let again = "UPDATE prize_awards SET state = 'awarded', state_at = $2, claimed_by_id = NULL, claim_secret = NULL \
                 WHERE claimed_by_id = $1 AND state = 'claimed'";
    tx.run(tx.statement(again, [person.into(), now.into()])).await?;
    for sql in [
        "UPDATE prize_awards SET claim_secret = NULL WHERE claimed_by_id = $1 AND claim_secret IS NOT NULL",
        "UPDATE prize_awards SET reason = NULL WHERE reason IS NOT NULL \
         AND submission_id IN (SELECT s.id FROM submissions s WHERE s.user_id = $1)",
    ] {
        tx.run(tx.statement(sql, [person.into()])).await?;
    }
    Ok(())
}
