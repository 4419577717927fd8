use github::model::RepositoryId;
use platform::db::{DbError, Kind, Query, Sql, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::ProjectId,
    rules::analytics::{Analytics, DayRange, EventKind, EventTally, PullEvent, merge_rate},
};

/// The number of days whose events are read at once, so that the memory does not grow with the range.
const SLICE: u64 = 92;

/// The pull requests that figures are about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct FigureScope {
    pub projects: Vec<ProjectId>,
    /// The repository; absent for all.
    pub repository: Option<RepositoryId>,
}

impl FigureScope {
    /// Selects the pull requests of a project.
    #[must_use]
    pub fn of(project: ProjectId) -> Self {
        Self { projects: vec![project], repository: None }
    }

    /// Returns the condition on a contribution `c`.
    pub(super) fn holds(&self, query: &mut Query) -> String {
        let projects = match self.projects.as_slice() {
            [one] => format!("c.project_id = {}", query.bind(*one)),
            several => {
                let rows = query.rows(ids(several.iter().copied()), "p");
                format!("c.project_id IN (SELECT p.id FROM {rows})")
            }
        };
        match self.repository {
            Some(repository) => {
                format!("{projects} AND c.repository_id = {}", query.bind(repository))
            }
            None => projects,
        }
    }
}

/// Returns the condition that an instant of a contribution `c` is in a range.
pub(super) fn within(query: &mut Query, column: &str, range: DayRange) -> String {
    let (start, end) = range.instants();
    let (start, end) = (query.bind(start), query.bind(end));
    format!("c.{column} >= {start} AND c.{column} < {end}")
}

/// Conditions on a contribution `c`, which are those of indexes: that it ended, on GitHub or by a rejection here, and that it
/// did not.
pub(super) const ENDED: &str = "c.state IN ('MERGED', 'CLOSED')";
pub(super) const OPEN: &str = "c.state NOT IN ('MERGED', 'CLOSED')";

/// Counts the contributions `c` that were merged.
pub(super) const MERGES: &str = "count(CASE c.state WHEN 'MERGED' THEN 1 END)";

/// Joins the ratings `v` of contributions `c`: each reviewer's latest of a pull request. The cross join makes SQLite start with
/// the contributions, which are fewer.
pub(super) const RATED: &str = "CROSS JOIN pr_reviews v WHERE v.pull_request_id = c.pull_request_id \
     AND v.rating IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pr_reviews l \
     WHERE l.pull_request_id = v.pull_request_id AND l.reviewer_id = v.reviewer_id \
     AND l.rating IS NOT NULL AND (l.created_at, l.id) > (v.created_at, v.id))";

/// Reads the figures of a range of days. Pull requests of private repositories are counted; the figures name none.
///
/// # Errors
/// When the database fails.
pub async fn analytics(
    db: &impl Sql,
    scope: &FigureScope,
    range: DayRange,
) -> Result<Analytics, DbError> {
    let mut tally = EventTally::new(range);
    if !scope.projects.is_empty() {
        for slice in range.slices(SLICE) {
            for row in events(db, scope, slice).await? {
                tally.add(&event(row));
            }
        }
    }
    Ok(tally.finish())
}

/// The kind, the hour, the seconds since the opening, and the number of pull requests.
type Row = (i64, i64, i64, i64);

const COLUMNS: [(&str, Kind); 4] =
    [("kind", Kind::Int), ("hour", Kind::Int), ("seconds", Kind::Int), ("number", Kind::Int)];

/// The kinds of rows. Those of ratings are the ratings.
const OPENED: i64 = 10;
const REVIEWED: i64 = 11;
const MERGED: i64 = 12;
const CLOSED: i64 = 13;

fn event((kind, hour, seconds, number): Row) -> PullEvent {
    let kind = match kind {
        OPENED => EventKind::Opened,
        REVIEWED => EventKind::Reviewed,
        MERGED => EventKind::Merged,
        CLOSED => EventKind::Closed,
        rating => EventKind::Rated(rating),
    };
    PullEvent { kind, hour, seconds, number }
}

/// Reads the events of a range with a single statement. Each part of it reads one index, and that of open pull requests also
/// these few rows. A review that came after the end does not count; pull requests that were rejected only here have no end.
async fn events(db: &impl Sql, scope: &FigureScope, range: DayRange) -> Result<Vec<Row>, DbError> {
    let mut query = db.query();
    let scope = scope.holds(&mut query);
    let hour = |column: &str| format!("{} / 3600", db.epoch_seconds(column));
    let since = |column: &str| {
        let (to, from) = (db.epoch_seconds(column), db.epoch_seconds("c.opened_at"));
        format!("{to} - {from}")
    };
    let opened = hour("c.opened_at");
    let [is_opened, is_reviewed, is_ended] =
        ["opened_at", "reviewed_at", "closed_at"].map(|column| within(&mut query, column, range));
    let (ended, reviewed) = (hour("c.closed_at"), hour("c.reviewed_at"));
    let (start, until_review) = (query.bind(range.instants().0), since("c.reviewed_at"));
    let sql = format!(
        "SELECT {OPENED} AS kind, {opened} AS hour, 0 AS seconds, count(*) AS number \
         FROM contributions c WHERE {scope} AND {is_opened} GROUP BY {opened} \
         UNION ALL SELECT {REVIEWED}, {reviewed}, {until_review}, 1 FROM contributions c \
         WHERE {scope} AND {ENDED} AND c.closed_at >= {start} AND c.reviewed_at <= c.closed_at \
         AND {is_reviewed} \
         UNION ALL SELECT {REVIEWED}, {reviewed}, {until_review}, 1 FROM contributions c \
         WHERE {scope} AND {ENDED} AND c.closed_at IS NULL AND {is_reviewed} \
         UNION ALL SELECT {REVIEWED}, {reviewed}, {until_review}, 1 FROM contributions c \
         WHERE {scope} AND {OPEN} AND {is_reviewed} \
         UNION ALL SELECT CASE c.state WHEN 'MERGED' THEN {MERGED} ELSE {CLOSED} END, {ended}, {}, 1 \
         FROM contributions c WHERE {scope} AND {ENDED} AND {is_ended} \
         UNION ALL SELECT v.rating, {ended}, 0, count(*) FROM contributions c {RATED} \
         AND {scope} AND {ENDED} AND {is_ended} GROUP BY v.rating, {ended}",
        since("c.closed_at"),
    );
    db.documents(query.documents(&COLUMNS, &sql)).await
}

/// The figures of a project in a range.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct ProjectVolume {
    pub project_id: Uuid,
    /// The number of pull requests that were opened.
    pub opened: i64,
    /// The number of those that were merged.
    pub merged: i64,
    /// The number of those that were closed without a merge.
    pub closed: i64,
}

impl ProjectVolume {
    /// Returns the share of merges among those that ended, in percent; `None` if none ended.
    #[must_use]
    pub fn merge_rate(&self) -> Option<f64> {
        merge_rate(self.merged, self.closed)
    }
}

/// Counts the pull requests of each project that were opened, merged and closed in a range of days, most merges first.
///
/// # Errors
/// When the database fails.
pub async fn volumes(
    db: &impl Sql,
    scope: &FigureScope,
    range: DayRange,
) -> Result<Vec<ProjectVolume>, DbError> {
    let mut query = db.query();
    let holds = scope.holds(&mut query);
    let [is_opened, is_ended] =
        ["opened_at", "closed_at"].map(|column| within(&mut query, column, range));
    let sql = format!(
        "SELECT a.project_id, CAST(sum(a.opened) AS bigint) AS opened, \
         CAST(sum(a.merged) AS bigint) AS merged, CAST(sum(a.closed) AS bigint) AS closed FROM (\
         SELECT c.project_id, count(*) AS opened, 0 AS merged, 0 AS closed FROM contributions c \
         WHERE {holds} AND {is_opened} GROUP BY c.project_id \
         UNION ALL SELECT c.project_id, 0, {MERGES}, count(*) - {MERGES} \
         FROM contributions c WHERE {holds} AND {ENDED} AND {is_ended} GROUP BY c.project_id\
         ) a GROUP BY a.project_id ORDER BY 3 DESC, a.project_id"
    );
    db.all(query.statement(sql)).await
}
