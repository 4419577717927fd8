//! The activity of a person, for their profile.

use identity::model::UserId;
use kernel::{Points, Timestamp};
use platform::db::{DbError, Sql, code};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::analytics::{ENDED, MERGES, RATED};
use crate::rules::{State, skills::ProjectActivity};

/// The number of pull requests among which the best are chosen. Those of private repositories are left out later.
const BEST: i64 = 8;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonActivity {
    /// The UTC days on which the person opened pull requests or had some merged, as `YYYY-MM-DD` with the number of
    /// openings and merges.
    pub days: Vec<(String, i64)>,
    /// The number of pull requests by their state, with their pending points.
    pub states: Vec<(State, i64, Points)>,
    /// The person's work in each project, the project with the most merges first.
    pub projects: Vec<ProjectActivity>,
    /// The merged pull requests with the most points, the best first, with the days of the merges.
    pub best: Vec<(Uuid, Points, String)>,
    /// The number of ratings of the person's pull requests, and their sum.
    pub ratings: (i64, i64),
    /// The reviews that the person gave, by project: its name, their number and the day of the first.
    pub reviews: Vec<(String, i64, String)>,
}

#[derive(FromQueryResult)]
struct Row {
    kind: String,
    pull: Option<Uuid>,
    name: String,
    title: String,
    count: i64,
    merged: i64,
    points: Points,
}

/// Returns what a person did: the days since an instant, everything else of all time. A single statement reads the person's
/// contributions by their index.
pub async fn activity(
    db: &impl Sql,
    person: UserId,
    since: Timestamp,
) -> Result<PersonActivity, DbError> {
    let mut query = db.query();
    let (person, since, best) = (query.bind(person), query.bind(since), query.bind(BEST));
    let days = |column: &str| {
        format!(
            "SELECT {} AS day FROM contributions WHERE author_id = {person} AND {column} >= {since}",
            db.day(column)
        )
    };
    // The first part states the types of the columns.
    let sql = format!(
        "SELECT 'best' AS kind, b.pull_request_id AS pull, {} AS name, '' AS title, \
         CAST(0 AS bigint) AS count, CAST(0 AS bigint) AS merged, b.score AS points FROM (\
         SELECT c.pull_request_id, c.score, c.merged_at FROM contributions c \
         WHERE c.author_id = {person} AND c.state = 'MERGED' AND c.score > 0 \
         ORDER BY c.score DESC, c.merged_at DESC, c.pull_request_id LIMIT {best}) b \
         UNION ALL SELECT 'day', NULL, d.day, '', count(*), 0, 0 \
         FROM ({} UNION ALL {}) d GROUP BY d.day \
         UNION ALL SELECT 'state', NULL, c.state, '', count(*), 0, \
         CAST(sum(c.opening_pending + c.merge_pending) AS bigint) \
         FROM contributions c WHERE c.author_id = {person} GROUP BY c.state \
         UNION ALL SELECT 'project', l.pull_request_id, p.tags, p.name, s.count, s.merged, s.points FROM (\
         SELECT c.project_id, count(*) AS count, {MERGES} AS merged, CAST(sum(c.score) AS bigint) AS points \
         FROM contributions c WHERE c.author_id = {person} GROUP BY c.project_id) s \
         JOIN projects p ON p.id = s.project_id LEFT JOIN (\
         SELECT c.project_id, c.pull_request_id, \
         row_number() OVER (PARTITION BY c.project_id ORDER BY c.merged_at DESC, c.pull_request_id) AS place \
         FROM contributions c WHERE c.author_id = {person} AND c.state = 'MERGED') l \
         ON l.project_id = s.project_id AND l.place = 1 \
         UNION ALL SELECT 'rated', NULL, '', '', count(*), 0, CAST(coalesce(sum(v.rating), 0) AS bigint) \
         FROM contributions c {RATED} AND c.author_id = {person} AND {ENDED} \
         UNION ALL SELECT 'review', NULL, min({}), p.name, count(*), 0, 0 \
         FROM pr_reviews v JOIN contributions c ON c.pull_request_id = v.pull_request_id \
         JOIN projects p ON p.id = c.project_id \
         WHERE v.reviewer_id = {person} AND NOT v.is_automatic GROUP BY p.id, p.name",
        db.day("b.merged_at"),
        days("opened_at"),
        days("merged_at"),
        db.day("v.created_at"),
    );
    collected(db.all(query.statement(sql)).await?)
}

/// Sorts rows into the lists of an activity.
fn collected(rows: Vec<Row>) -> Result<PersonActivity, DbError> {
    let mut activity = PersonActivity::default();
    for Row { kind, pull, name, title, count, merged, points } in rows {
        match kind.as_str() {
            "best" => activity.best.extend(pull.map(|pull| (pull, points, name))),
            "day" => activity.days.push((name, count)),
            "state" => {
                let state = code("contributions.state", &name, State::named)?;
                activity.states.push((state, count, points));
            }
            "rated" => activity.ratings = (count, points),
            "review" => activity.reviews.push((title, count, name)),
            _ => activity.projects.push(ProjectActivity {
                name: title,
                tags: serde_json::from_str(&name).unwrap_or_default(),
                pull_requests: count,
                merged,
                points,
                last: pull,
            }),
        }
    }
    activity.best.sort_by(|a, b| (b.1, &b.2).cmp(&(a.1, &a.2)));
    activity.days.sort_unstable();
    activity.projects.sort_by(|a, b| b.merged.cmp(&a.merged).then_with(|| a.name.cmp(&b.name)));
    activity.reviews.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(activity)
}
