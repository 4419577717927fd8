//! The projects of a person that everyone may see.

use identity::model::UserId;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::JuryOutcome;

/// The maximum number of projects on a profile.
const MOST: i64 = 6;

/// A project of a person.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OwnProject {
    pub id: Uuid,
    pub title: String,
    pub summary: String,
    /// The slug and the title of the hackathon.
    pub slug: String,
    pub hackathon: String,
    pub outcome: Option<JuryOutcome>,
    /// The name of the first of its prizes.
    pub prize: Option<String>,
    /// The path of its own picture; absent if it is drawn.
    pub picture: Option<String>,
}

/// Lists the latest projects of a person, in public hackathons whose results are published, at most six.
pub async fn own_projects(db: &impl Sql, person: UserId) -> Result<Vec<OwnProject>, DbError> {
    let sql = "SELECT s.id, s.title, s.summary, h.slug, h.title AS hackathon, s.outcome, s.picture, \
               (SELECT p.name FROM prize_awards a JOIN prizes p ON p.id = a.prize_id \
               WHERE a.submission_id = s.id AND a.published_at IS NOT NULL AND a.state <> 'forfeited' \
               ORDER BY p.position, p.id LIMIT 1) AS prize FROM submissions s \
               JOIN hackathons h ON h.id = s.hackathon_id \
               WHERE (s.user_id = $1 OR s.team_id IN (SELECT m.team_id FROM team_members m \
               WHERE m.user_id = $1 AND m.status = 'active')) AND s.version > 0 \
               AND s.withdrawn_at IS NULL AND s.disqualified_at IS NULL AND h.visibility = 'public' \
               AND h.published_at IS NOT NULL AND h.canceled_at IS NULL \
               AND h.results_published_at IS NOT NULL \
               AND (s.verdict IS NULL OR s.verdict <> 'invalid' OR s.is_admitted) \
               ORDER BY s.id DESC LIMIT $2";
    db.all(db.statement(sql, [person.into(), MOST.into()])).await
}
