//! Queries for what judges wrote to teams.

use identity::model::UserId;
use platform::db::{DbError, Kind, Sql, own_rows};
use sea_orm::FromQueryResult;
use serde_json::Value;

use super::HackathonView;
use crate::model::SubmissionId;

/// A judge's note to a team, without the judge.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct TeamNote {
    /// The round in which it was written.
    pub round: i64,
    pub note: String,
}

/// Lists the notes of judges to the team of a submission, once the results are published. Their order says nothing about the judges.
pub async fn team_notes(
    db: &impl Sql,
    hackathon: &HackathonView,
    submission: SubmissionId,
) -> Result<Vec<TeamNote>, DbError> {
    if hackathon.steps().results_published_at.is_none() {
        return Ok(Vec::new());
    }
    let sql = "SELECT a.round, s.team_note AS note FROM judging_assignments a \
               JOIN judging_scores s ON s.assignment_id = a.id \
               WHERE a.hackathon_id = $1 AND a.submission_id = $2 AND a.status = 'judged' AND s.team_note <> '' \
               ORDER BY a.round, s.team_note";
    let values = [hackathon.key().into(), submission.into()];
    db.all(db.statement(sql, values)).await
}

/// Exports the notes of judges to a person's teams, of hackathons with results.
pub(super) async fn export_team_notes(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [("hackathon", Kind::Text), ("round", Kind::Int), ("note", Kind::Text)];
    let sql = "SELECT h.title AS hackathon, a.round, s.team_note AS note FROM hackathon_results x \
               JOIN hackathons h ON h.id = x.hackathon_id \
               JOIN judging_assignments a ON a.submission_id = x.submission_id AND a.status = 'judged' \
               JOIN judging_scores s ON s.assignment_id = a.id AND s.team_note <> '' \
               WHERE x.user_id = $1 ORDER BY x.id, a.round, s.team_note";
    own_rows(db, person.0, &columns, sql).await
}
