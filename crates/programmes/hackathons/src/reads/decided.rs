//! Queries for what organizers and judges decided about submissions before the results.

use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;

use super::{HackathonView, SubmissionView, extension};
use crate::{
    model::{HackathonId, SubmissionId},
    rules::{rulings::DecidedOutcome, submissions::closes_at},
};

/// Returns the instant until which the team of a submission can submit another version of it.
pub async fn submission_closes_at(
    db: &impl Sql,
    hackathon: &HackathonView,
    submission: &SubmissionView,
) -> Result<Timestamp, DbError> {
    let extension = extension(db, hackathon.key(), submission.by()).await?;
    let (own, is_late) = (extension.map(|it| it.closes_at), submission.facts().is_late);
    Ok(closes_at(&hackathon.timeline(), own, is_late))
}

/// Counts the decisions about the submissions to a hackathon, or only about some of them, and the closed rounds of the hackathon.
pub async fn decided(
    db: &impl Sql,
    hackathon: HackathonId,
    only: Option<&[SubmissionId]>,
) -> Result<DecidedOutcome, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        awards: i64,
        choices: i64,
        rounds: i64,
    }
    let mut query = db.query();
    let hackathon = query.bind(hackathon);
    let (awarded, chosen) = match only {
        None => Default::default(),
        Some(ids) => {
            let rows = query.rows(platform::db::ids(ids.iter().copied()), "r");
            let own = |column: &str| format!("AND {column} IN (SELECT r.id FROM {rows})");
            (own("a.submission_id"), own("s.id"))
        }
    };
    let sql = format!(
        "SELECT (SELECT count(*) FROM prize_awards a WHERE a.hackathon_id = {hackathon} AND a.published_at IS NULL \
         {awarded}) AS awards, (SELECT count(*) FROM submissions s WHERE s.hackathon_id = {hackathon} \
         AND s.outcome IS NOT NULL {chosen}) AS choices, (SELECT count(*) FROM judging_rounds r \
         WHERE r.hackathon_id = {hackathon}) AS rounds"
    );
    let found: Option<Row> = db.one(query.statement(sql)).await?;
    Ok(found.map_or_else(DecidedOutcome::default, |row| DecidedOutcome {
        awards: row.awards,
        choices: row.choices,
        rounds: row.rounds,
    }))
}
