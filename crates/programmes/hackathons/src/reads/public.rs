//! Submissions that everyone may see.

use kernel::Timestamp;
use platform::db::{DbError, Query, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A submission to a hackathon that is not private, after its results.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct PublicProject {
    pub(crate) id: Uuid,
    pub(crate) title: String,
    pub(crate) summary: String,
    /// The name of the hackathon.
    pub(crate) hackathon: String,
    /// The slug of the hackathon.
    pub(crate) slug: String,
    pub(crate) results_published_at: Timestamp,
    /// The path of its own picture; absent if it is drawn.
    pub(crate) picture: Option<String>,
}

impl PublicProject {
    pub(crate) fn address(&self) -> String {
        format!("/hackathons/{}/projects/{}", self.slug, self.id)
    }
}

/// A part of these submissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PublicPart {
    Judged,
    Winners,
}

/// Returns the SELECT of a part, those with the latest results first.
fn found(query: &mut Query, part: PublicPart, limit: i64) -> String {
    let holds = match part {
        PublicPart::Judged => "s.version > 0",
        PublicPart::Winners => "s.outcome = 'winner'",
    };
    let (admitted, limit) = (query.bind(true), query.bind(limit));
    format!(
        "SELECT s.id, s.title, s.summary, h.title AS hackathon, h.slug, h.results_published_at, s.picture, \
         s.team_id, s.user_id FROM hackathons h JOIN submissions s ON s.hackathon_id = h.id \
         WHERE h.results_published_at IS NOT NULL AND h.published_at IS NOT NULL \
         AND h.canceled_at IS NULL AND h.visibility <> 'private' AND {holds} AND s.title <> '' \
         AND s.withdrawn_at IS NULL AND s.disqualified_at IS NULL \
         AND (s.verdict IS NULL OR s.verdict <> 'invalid' OR s.is_admitted = {admitted}) \
         ORDER BY h.results_published_at DESC, s.id LIMIT {limit}"
    )
}

/// Lists the submissions that everyone may see, those with the latest results first.
///
/// # Errors
/// When the database fails.
pub(crate) async fn public_projects(
    db: &impl Sql,
    part: PublicPart,
    limit: i64,
) -> Result<Vec<PublicProject>, DbError> {
    let mut query = db.query();
    let sql = found(&mut query, part, limit);
    db.all(query.statement(sql)).await
}

/// Lists the latest winners, each with the people who submitted together, in the order in which they joined.
///
/// # Errors
/// When the database fails.
pub(crate) async fn winners(
    db: &impl Sql,
    limit: i64,
) -> Result<Vec<(PublicProject, Vec<Uuid>)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        #[sea_orm(nested)]
        project: PublicProject,
        person: Option<Uuid>,
    }
    let mut query = db.query();
    let found = found(&mut query, PublicPart::Winners, limit);
    let sql = format!(
        "SELECT w.*, coalesce(m.user_id, w.user_id) AS person FROM ({found}) AS w LEFT JOIN team_members m \
         ON m.team_id = w.team_id AND m.status = 'active' ORDER BY w.results_published_at DESC, w.id, m.id"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let mut winners: Vec<(PublicProject, Vec<Uuid>)> = Vec::new();
    for row in rows {
        match winners.last_mut() {
            Some((last, people)) if last.id == row.project.id => people.extend(row.person),
            _ => winners.push((row.project, row.person.into_iter().collect())),
        }
    }
    Ok(winners)
}
