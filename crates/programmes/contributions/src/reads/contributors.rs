use std::collections::HashMap;

use identity::model::UserId;
use kernel::{Points, Timestamp};
use platform::db::{DbError, Query, Sql, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{
    FigureScope,
    analytics::{ENDED, MERGES, OPEN, RATED, within},
};
use crate::rules::analytics::{Contributor, ContributorPlace, DayRange, RatingCounts};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ContributorFilter {
    /// The pull requests.
    pub scope: FigureScope,
    /// Only pull requests that were merged or closed in this range; absent for all.
    pub range: Option<DayRange>,
    /// Only these people; absent for everyone.
    pub people: Option<Vec<UserId>>,
}

impl ContributorFilter {
    fn holds(&self, query: &mut Query) -> String {
        let mut conditions = vec![self.scope.holds(query), "c.author_id IS NOT NULL".to_owned()];
        if let Some(range) = self.range {
            conditions.push(within(query, "closed_at", range));
        }
        if let Some(people) = &self.people {
            let rows = query.rows(ids(people.iter().copied()), "r");
            conditions.push(format!("c.author_id IN (SELECT r.id FROM {rows})"));
        }
        conditions.join(" AND ")
    }
}

#[derive(FromQueryResult)]
struct Row {
    author_id: Uuid,
    opened: i64,
    merged: i64,
    closed: i64,
    last_active_at: Timestamp,
    points: Points,
    pulls: i64,
}

/// Lists contributors after a place, those with the most merges first. Authors whose accounts are deleted on GitHub are left
/// out.
///
/// # Errors
/// When the database fails.
pub async fn contributors(
    db: &impl Sql,
    filter: &ContributorFilter,
    after: Option<ContributorPlace>,
    limit: i64,
) -> Result<Vec<Contributor>, DbError> {
    Ok(listed(db, filter, after, limit).await?.0)
}

/// Lists contributors, with the number of pull requests of all that the filter and the place select.
pub(super) async fn listed(
    db: &impl Sql,
    filter: &ContributorFilter,
    after: Option<ContributorPlace>,
    limit: i64,
) -> Result<(Vec<Contributor>, i64), DbError> {
    let rows = counted(db, filter, after, limit).await?;
    let people: Vec<UserId> = rows.iter().map(|row| row.author_id.into()).collect();
    let ratings = ratings(db, filter, &people).await?;
    let contributor = |row: Row| {
        let user_id = row.author_id.into();
        Contributor {
            user_id,
            opened: row.opened,
            merged: row.merged,
            closed: row.closed,
            last_active_at: row.last_active_at,
            points: row.points,
            ratings: ratings.get(&user_id).copied().unwrap_or_default(),
        }
    };
    let pulls = rows.first().map_or(0, |row| row.pulls);
    Ok((rows.into_iter().map(contributor).collect(), pulls))
}

/// Counts the pull requests of contributors: those that ended by an index, which has all that is counted, and the few that are
/// open.
async fn counted(
    db: &impl Sql,
    filter: &ContributorFilter,
    after: Option<ContributorPlace>,
    limit: i64,
) -> Result<Vec<Row>, DbError> {
    if filter.scope.projects.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = db.query();
    let holds = filter.holds(&mut query);
    let after = after.map_or(String::new(), |place| {
        let (merged, person) = (query.bind(-place.merged), query.bind(place.user_id));
        format!("WHERE (-a.merged, a.author_id) > ({merged}, {person})")
    });
    let limit = query.bind(limit);
    let open = match filter.range {
        Some(_) => String::new(),
        None => format!(
            "UNION ALL SELECT c.author_id, count(*), 0, 0, max(c.opened_at), CAST(sum(c.score) AS bigint) \
             FROM contributions c WHERE {holds} AND {OPEN} GROUP BY c.author_id"
        ),
    };
    let sql = format!(
        "SELECT a.author_id, a.opened, a.merged, a.closed, a.last_active_at, a.points, \
         CAST(sum(a.opened) OVER () AS bigint) AS pulls FROM (\
         SELECT p.author_id, CAST(sum(p.opened) AS bigint) AS opened, \
         CAST(sum(p.merged) AS bigint) AS merged, CAST(sum(p.closed) AS bigint) AS closed, \
         max(p.last_active_at) AS last_active_at, CAST(sum(p.points) AS bigint) AS points FROM (\
         SELECT c.author_id, count(*) AS opened, {MERGES} AS merged, \
         count(c.closed_at) - {MERGES} AS closed, \
         max(coalesce(c.closed_at, c.opened_at)) AS last_active_at, \
         CAST(sum(c.score) AS bigint) AS points \
         FROM contributions c WHERE {holds} AND {ENDED} GROUP BY c.author_id {open}\
         ) p GROUP BY p.author_id\
         ) a {after} ORDER BY -a.merged, a.author_id LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// Returns the ratings of people, of their pull requests that were merged or closed.
async fn ratings(
    db: &impl Sql,
    filter: &ContributorFilter,
    people: &[UserId],
) -> Result<HashMap<UserId, RatingCounts>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        author_id: Uuid,
        rating: i64,
        number: i64,
    }
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let filter = ContributorFilter { people: Some(people.to_vec()), ..filter.clone() };
    let mut query = db.query();
    let holds = filter.holds(&mut query);
    let sql = format!(
        "SELECT c.author_id, v.rating, count(*) AS number FROM contributions c {RATED} AND {holds} \
         AND {ENDED} GROUP BY c.author_id, v.rating"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let mut ratings: HashMap<UserId, RatingCounts> = HashMap::new();
    for row in rows {
        let of_person = ratings.entry(row.author_id.into()).or_default();
        of_person.add(row.rating, row.number);
    }
    Ok(ratings)
}
