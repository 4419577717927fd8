//! The activity of a person, for the panels of their home page and profile.

use identity::model::UserId;
use kernel::{Points, Timestamp};
use platform::db::{DbError, Sql, code};
use sea_orm::FromQueryResult;

use crate::rules::{State, skills::TaggedContributions};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonActivity {
    /// The UTC days on which the person opened pull requests or had some merged, as `YYYY-MM-DD` with the number of
    /// openings and merges.
    pub days: Vec<(String, i64)>,
    /// The number of pull requests by their state, with their pending points.
    pub states: Vec<(State, i64, Points)>,
    /// The contributions by project, with the tags of the project.
    pub contributed: Vec<TaggedContributions>,
}

/// Returns what a person did: the days since an instant, the states and the projects of all time. A single statement reads
/// the person's contributions by their index.
pub async fn activity(
    db: &impl Sql,
    person: UserId,
    since: Timestamp,
) -> Result<PersonActivity, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        kind: String,
        name: String,
        count: i64,
        points: Points,
    }
    let mut query = db.query();
    let (person, since) = (query.bind(person), query.bind(since));
    let days = |column: &str| {
        format!(
            "SELECT {} AS day FROM contributions WHERE author_id = {person} AND {column} >= {since}",
            db.day(column)
        )
    };
    let sql = format!(
        "SELECT 'day' AS kind, d.day AS name, count(*) AS count, CAST(0 AS bigint) AS points \
         FROM ({} UNION ALL {}) d GROUP BY d.day \
         UNION ALL SELECT 'state', c.state, count(*), \
         CAST(sum(c.opening_pending + c.merge_pending) AS bigint) \
         FROM contributions c WHERE c.author_id = {person} GROUP BY c.state \
         UNION ALL SELECT 'tags', p.tags, count(*), CAST(sum(c.score) AS bigint) \
         FROM contributions c JOIN projects p ON p.id = c.project_id \
         WHERE c.author_id = {person} GROUP BY p.id, p.tags",
        days("opened_at"),
        days("merged_at")
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let mut activity = PersonActivity::default();
    for Row { kind, name, count, points } in rows {
        match kind.as_str() {
            "day" => activity.days.push((name, count)),
            "state" => {
                let state = code("contributions.state", &name, State::named)?;
                activity.states.push((state, count, points));
            }
            _ => activity.contributed.push(TaggedContributions {
                tags: serde_json::from_str(&name).unwrap_or_default(),
                pull_requests: count,
                points,
            }),
        }
    }
    activity.days.sort_unstable();
    Ok(activity)
}
