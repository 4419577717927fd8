//! Submissions that everyone may see.

use kernel::Timestamp;
use platform::db::{DbError, Sql};
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
    let holds = match part {
        PublicPart::Judged => "s.version > 0",
        PublicPart::Winners => "s.outcome = 'winner'",
    };
    let (admitted, limit) = (query.bind(true), query.bind(limit));
    let sql = format!(
        "SELECT s.id, s.title, s.summary, h.title AS hackathon, h.slug, h.results_published_at, s.picture \
         FROM hackathons h JOIN submissions s ON s.hackathon_id = h.id \
         WHERE h.results_published_at IS NOT NULL AND h.published_at IS NOT NULL \
         AND h.canceled_at IS NULL AND h.visibility <> 'private' AND {holds} AND s.title <> '' \
         AND s.withdrawn_at IS NULL AND s.disqualified_at IS NULL \
         AND (s.verdict IS NULL OR s.verdict <> 'invalid' OR s.is_admitted = {admitted}) \
         ORDER BY h.results_published_at DESC, s.id LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}
