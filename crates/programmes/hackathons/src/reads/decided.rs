//! Queries for what organizers and judges decided about submissions before the results.

use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;

use crate::{
    model::{HackathonId, SubmissionId},
    rules::rulings::Decided,
};

/// Counts the decisions about the submissions to a hackathon, or only about some of them, and the closed rounds of the hackathon.
pub async fn decided(
    db: &impl Sql,
    hackathon: HackathonId,
    only: Option<&[SubmissionId]>,
) -> Result<Decided, DbError> {
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
    Ok(found.map_or_else(Decided::default, |row| Decided {
        awards: row.awards,
        choices: row.choices,
        rounds: row.rounds,
    }))
}
