//! Statements for results, their points, and the removal of words after their retention.

use identity::model::{IdentityId, UserId};
use kernel::Timestamp;
use platform::db::{DbError, Kind, Rows, Sql as _, Tx};
use uuid::Uuid;

use crate::{
    model::{HackathonId, JuryOutcome, SubmissionId},
    rules::points::PointValues,
};

/// Stores the points that a hackathon gives, or replaces them.
pub(crate) async fn approve_points(
    tx: &Tx,
    row: Uuid,
    hackathon: HackathonId,
    values: PointValues,
    approved_by: Option<Uuid>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO hackathon_points (id, created_at, approved_at, hackathon_id, approved_by_id, \
               submission_points, finalist_points, winner_points) VALUES ($1, $2, $2, $3, $4, $5, $6, $7) \
               ON CONFLICT (hackathon_id) DO UPDATE SET approved_at = excluded.approved_at, \
               approved_by_id = excluded.approved_by_id, submission_points = excluded.submission_points, \
               finalist_points = excluded.finalist_points, winner_points = excluded.winner_points";
    let values = [
        row.into(),
        now.into(),
        hackathon.into(),
        approved_by.into(),
        values.submission.into(),
        values.finalist.into(),
        values.winner.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct NewResult {
    pub(crate) id: Uuid,
    pub(crate) submission: SubmissionId,
    pub(crate) person: UserId,
    /// Their account elsewhere.
    pub(crate) identity: Option<IdentityId>,
    /// True if the submission was late.
    pub(crate) is_late: bool,
    /// The choice of the jury.
    pub(crate) outcome: Option<JuryOutcome>,
}

pub(crate) async fn insert(
    tx: &Tx,
    hackathon: HackathonId,
    results: &[NewResult],
    now: Timestamp,
) -> Result<(), DbError> {
    if results.is_empty() {
        return Ok(());
    }
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("submission_id", Kind::Uuid),
        ("user_id", Kind::Uuid),
        ("identity_id", Kind::Uuid),
        ("is_late", Kind::Bool),
        ("outcome", Kind::Text),
    ]);
    for result in results {
        rows.push([
            result.id.into(),
            result.submission.into(),
            result.person.into(),
            result.identity.map(|identity| identity.0).into(),
            result.is_late.into(),
            result.outcome.map(JuryOutcome::as_str).into(),
        ]);
    }
    let mut query = tx.query();
    let rows = query.rows(rows, "r");
    let (now, hackathon) = (query.bind(now), query.bind(hackathon));
    let sql = format!(
        "INSERT INTO hackathon_results (id, created_at, hackathon_id, submission_id, user_id, identity_id, \
         is_late, outcome) SELECT r.id, {now}, {hackathon}, r.submission_id, r.user_id, r.identity_id, \
         r.is_late, r.outcome FROM {rows}"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Removes the answers and motivations of the applications to a hackathon, the appeals, the reasons of decisions, the notes of judges
/// to teams, the claim details of prizes, and the requests for help.
pub(crate) async fn remove_words(
    tx: &Tx,
    hackathon: HackathonId,
    now: Timestamp,
) -> Result<(), DbError> {
    for sql in [
        "UPDATE applications SET motivation = '', answers = '[]', reason = NULL, updated_at = $2 \
         WHERE hackathon_id = $1 AND (motivation <> '' OR answers <> '[]' OR reason IS NOT NULL)",
        "UPDATE submissions SET appeal = NULL, reason = NULL, updated_at = $2 \
         WHERE hackathon_id = $1 AND (appeal IS NOT NULL OR reason IS NOT NULL)",
        "UPDATE submission_extensions SET reason = '', updated_at = $2 \
         WHERE hackathon_id = $1 AND reason <> ''",
        "UPDATE judging_scores SET team_note = '', updated_at = $2 \
         WHERE hackathon_id = $1 AND team_note <> ''",
    ] {
        let values = [hackathon.into(), now.into()];
        tx.run(tx.statement(sql, values)).await?;
    }
    for sql in [
        "UPDATE prize_awards SET claim_secret = NULL, reason = NULL \
         WHERE hackathon_id = $1 AND (claim_secret IS NOT NULL OR reason IS NOT NULL)",
        "UPDATE judging_decisions SET reason = '' WHERE hackathon_id = $1 AND reason <> ''",
        "UPDATE result_overrides SET reason = '' WHERE hackathon_id = $1 AND reason <> ''",
        "UPDATE help_requests SET topic = '', place = '', answer = '' \
         WHERE hackathon_id = $1 AND (topic <> '' OR place <> '' OR answer <> '')",
    ] {
        tx.run(tx.statement(sql, [hackathon.into()])).await?;
    }
    Ok(())
}

/// Deletes the private notes of the judges of a hackathon.
pub(crate) async fn delete_notes(tx: &Tx, hackathon: HackathonId) -> Result<(), DbError> {
    let sql = "DELETE FROM judging_notes WHERE assignment_id IN \
               (SELECT a.id FROM judging_assignments a WHERE a.hackathon_id = $1)";
    tx.run(tx.statement(sql, [hackathon.into()])).await?;
    Ok(())
}
