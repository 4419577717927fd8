//! Statements for judging.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx};
use uuid::Uuid;

use crate::{
    model::{AssignmentStatus, ConflictKind, HackathonId, HackathonJudge, SubmissionId},
    rules::judging::{rubric::Criterion, settings::JudgingSettings},
};

/// Writes the settings of a hackathon, without its criteria.
pub(crate) async fn save_settings(
    tx: &Tx,
    row: Uuid,
    hackathon: HackathonId,
    settings: &JudgingSettings,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO judging_settings (id, created_at, updated_at, hackathon_id, mode, looks, \
               minutes_per_look, minutes) VALUES ($1, $2, $2, $3, $4, $5, $6, $7) \
               ON CONFLICT (hackathon_id) DO UPDATE SET updated_at = excluded.updated_at, mode = excluded.mode, \
               looks = excluded.looks, minutes_per_look = excluded.minutes_per_look, minutes = excluded.minutes";
    let values = [
        row.into(),
        now.into(),
        hackathon.into(),
        settings.mode.as_str().into(),
        settings.looks.into(),
        settings.minutes_per_look.into(),
        settings.minutes.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

pub(crate) async fn delete_criteria(tx: &Tx, hackathon: HackathonId) -> Result<(), DbError> {
    let sql = "DELETE FROM judging_criteria WHERE hackathon_id = $1";
    tx.run(tx.statement(sql, [hackathon.into()])).await?;
    Ok(())
}

/// Inserts a criterion at a position.
pub(crate) async fn insert_criterion(
    tx: &Tx,
    row: Uuid,
    hackathon: HackathonId,
    position: i64,
    criterion: &Criterion,
    now: Timestamp,
) -> Result<(), DbError> {
    let levels = serde_json::to_string(&criterion.levels).unwrap_or_else(|_| "[]".to_owned());
    let sql = "INSERT INTO judging_criteria (id, created_at, hackathon_id, position, name, question, min_level, \
               max_level, weight, levels) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let values = [
        row.into(),
        now.into(),
        hackathon.into(),
        position.into(),
        criterion.name.as_str().into(),
        criterion.question.as_str().into(),
        criterion.min.into(),
        criterion.max.into(),
        criterion.weight.into(),
        levels.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Gives a project to a judge in a round, or gives it back to them.
pub(crate) async fn assign(
    tx: &Tx,
    row: Uuid,
    by: HackathonJudge,
    round: i64,
    submission: SubmissionId,
    status: AssignmentStatus,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO judging_assignments (id, created_at, hackathon_id, submission_id, user_id, status, \
               status_at, round) VALUES ($1, $2, $3, $4, $5, $6, $2, $7) ON CONFLICT (submission_id, user_id, round) \
               DO UPDATE SET status = excluded.status, status_at = excluded.status_at";
    let values = [
        row.into(),
        now.into(),
        by.hackathon.into(),
        submission.into(),
        by.judge.into(),
        status.as_str().into(),
        round.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Stores the status of a project with a judge.
pub(crate) async fn set_status(
    tx: &Tx,
    assignment: Uuid,
    status: AssignmentStatus,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE judging_assignments SET status = $2, status_at = $3 WHERE id = $1";
    let values = [assignment.into(), status.as_str().into(), now.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// A judge's words and levels for a project.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewScore<'a> {
    pub(crate) hackathon: HackathonId,
    pub(crate) assignment: Uuid,
    /// The levels as JSON, in the order of the criteria.
    pub(crate) levels: &'a str,
    pub(crate) team_note: &'a str,
    /// The note that only the judge reads.
    pub(crate) private_note: &'a str,
}

/// Writes a score and both notes.
pub(crate) async fn save_score(
    tx: &Tx,
    rows: [Uuid; 2],
    new: NewScore<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO judging_scores (id, created_at, updated_at, hackathon_id, assignment_id, levels, \
               team_note) VALUES ($1, $2, $2, $3, $4, $5, $6) ON CONFLICT (assignment_id) \
               DO UPDATE SET updated_at = excluded.updated_at, levels = excluded.levels, \
               team_note = excluded.team_note";
    let values = [
        rows[0].into(),
        now.into(),
        new.hackathon.into(),
        new.assignment.into(),
        new.levels.into(),
        new.team_note.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    let sql = "INSERT INTO judging_notes (id, created_at, updated_at, assignment_id, note) \
               VALUES ($1, $2, $2, $3, $4) ON CONFLICT (assignment_id) \
               DO UPDATE SET updated_at = excluded.updated_at, note = excluded.note";
    let values = [rows[1].into(), now.into(), new.assignment.into(), new.private_note.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

pub(crate) async fn delete_score(tx: &Tx, assignment: Uuid) -> Result<(), DbError> {
    for sql in [
        "DELETE FROM judging_scores WHERE assignment_id = $1",
        "DELETE FROM judging_notes WHERE assignment_id = $1",
    ] {
        tx.run(tx.statement(sql, [assignment.into()])).await?;
    }
    Ok(())
}

/// Writes a judge's order of a round, and the answers about the project that they are placing, both as JSON.
pub(crate) async fn save_ranking(
    tx: &Tx,
    row: Uuid,
    by: HackathonJudge,
    round: i64,
    places: &str,
    answers: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO judging_rankings (id, created_at, updated_at, hackathon_id, user_id, places, answers, \
               round) VALUES ($1, $2, $2, $3, $4, $5, $6, $7) ON CONFLICT (hackathon_id, user_id, round) \
               DO UPDATE SET updated_at = excluded.updated_at, places = excluded.places, \
               answers = excluded.answers";
    let values = [
        row.into(),
        now.into(),
        by.hackathon.into(),
        by.judge.into(),
        places.into(),
        answers.into(),
        round.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Records a conflict of interest. A repeated declaration replaces the former one.
pub(crate) async fn declare(
    tx: &Tx,
    row: Uuid,
    by: HackathonJudge,
    submission: SubmissionId,
    kind: ConflictKind,
    detail: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO judging_conflicts (id, created_at, hackathon_id, submission_id, user_id, kind, detail) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (submission_id, user_id) \
               DO UPDATE SET kind = excluded.kind, detail = excluded.detail";
    let values = [
        row.into(),
        now.into(),
        by.hackathon.into(),
        submission.into(),
        by.judge.into(),
        kind.as_str().into(),
        detail.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Removes a person's words about projects that they judged, and the reasons of their decisions. Their scores and decisions stay,
/// because results depend on them.
pub(crate) async fn forget(tx: &Tx, judge: UserId) -> Result<(), DbError> {
    let own = "(SELECT a.id FROM judging_assignments a WHERE a.user_id = $1)";
    for sql in [
        format!("DELETE FROM judging_notes WHERE assignment_id IN {own}"),
        format!("UPDATE judging_scores SET team_note = '' WHERE assignment_id IN {own}"),
        "UPDATE judging_conflicts SET detail = '' WHERE user_id = $1".to_owned(),
        "UPDATE judging_decisions SET reason = '' WHERE decided_by_id = $1".to_owned(),
    ] {
        tx.run(tx.statement(&sql, [judge.into()])).await?;
    }
    Ok(())
}
