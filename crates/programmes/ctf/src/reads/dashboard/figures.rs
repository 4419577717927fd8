use std::{collections::BTreeMap, ops::Range};

use kernel::Timestamp;
use platform::db::{DbError, Engine, Query, Sql, ids};
use uuid::Uuid;

use super::PRESENT;
use crate::model::RosterId;

/// The solves of a competitor in a domain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DomainTotals {
    pub solves: i64,
    /// The number of those in Flash CTFs.
    pub flash: i64,
    pub points: i64,
    pub last: Option<Timestamp>,
}

impl DomainTotals {
    pub fn add(&mut self, other: &Self) {
        self.solves += other.solves;
        self.flash += other.flash;
        self.points += other.points;
        self.last = self.last.max(other.last);
    }
}

/// The solves of a competitor in a range, by stored domain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonFigures {
    pub domains: BTreeMap<String, DomainTotals>,
}

impl PersonFigures {
    #[must_use]
    pub fn total(&self) -> DomainTotals {
        let mut total = DomainTotals::default();
        for domain in self.domains.values() {
            total.add(domain);
        }
        total
    }
}

/// A domain, its solves, those in Flash CTFs, the points and the last instant.
type DomainFigure = (String, i64, i64, i64, Timestamp);

/// Returns the solves of a range by competitor and domain, of the competitors on a roster who have any. Solves that the
/// platform no longer states are left out.
///
/// One statement reads each competitor's solves from the index `game_platform_challenge_solves_figures`, in the order of the
/// groups. SQLite sorts the rows of all competitors for a plain GROUP BY, which takes three times as long, so that each
/// competitor's groups are a subquery there.
///
/// # Errors
/// When the database fails.
pub async fn roster_figures(
    db: &impl Sql,
    roster: RosterId,
    span: &Range<Timestamp>,
) -> Result<BTreeMap<Uuid, PersonFigures>, DbError> {
    let mut query = db.query();
    let roster = query.bind(roster);
    let people = ("competitors c", format!("c.roster_id = {roster} AND {PRESENT}"));
    read(db, query, &people, span).await
}

/// Returns the figures of some competitors, as [`roster_figures`] does.
pub(super) async fn figures_of(
    db: &impl Sql,
    people: &[Uuid],
    span: &Range<Timestamp>,
) -> Result<BTreeMap<Uuid, PersonFigures>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(people.iter().copied()), "c");
    read(db, query, &(&rows, "TRUE".to_owned()), span).await
}

/// The competitors `c` of a statement: their source, and the condition.
type People<'a> = (&'a str, String);

async fn read(
    db: &impl Sql,
    mut query: Query,
    people: &People<'_>,
    span: &Range<Timestamp>,
) -> Result<BTreeMap<Uuid, PersonFigures>, DbError> {
    let sql = grouped(&mut query, db.engine(), people, span);
    let rows: Vec<(Uuid, Vec<DomainFigure>)> = db.documents(query.statement(sql)).await?;
    let part = |(domain, solves, flash, points, last): DomainFigure| {
        let totals = DomainTotals { solves, flash, points, last: Some(last) };
        (domain, totals)
    };
    let person = |(id, parts): (Uuid, Vec<DomainFigure>)| {
        let domains = parts.into_iter().map(part).collect();
        (id, PersonFigures { domains })
    };
    Ok(rows.into_iter().map(person).collect())
}

fn grouped(
    query: &mut Query,
    engine: Engine,
    (people, present): &People<'_>,
    span: &Range<Timestamp>,
) -> String {
    let [from, to] = [query.bind(span.start), query.bind(span.end)];
    let figures = "s.domain AS domain, count(*) AS solves, \
         count(CASE s.source WHEN 'flash_ctf' THEN 1 END) AS flash, \
         CAST(sum(s.points) AS bigint) AS points, max(s.solved_at) AS latest";
    let solved = format!("s.solved_at >= {from} AND s.solved_at < {to} AND s.vanished_at IS NULL");
    match engine {
        Engine::Sqlite => format!(
            "SELECT json_group_array(json_array(hex(id), json(parts))) FROM (SELECT c.id AS id, \
             (SELECT json_group_array(json_array(domain, solves, flash, points, latest)) FROM (\
             SELECT {figures} FROM game_platform_challenge_solves s \
             INDEXED BY game_platform_challenge_solves_figures \
             WHERE s.competitor_id = c.id AND {solved} GROUP BY s.domain)) AS parts \
             FROM {people} WHERE {present})"
        ),
        Engine::Postgres => format!(
            "SELECT CAST(coalesce(json_agg(json_build_array(id, parts)), '[]') AS text) FROM (\
             SELECT g.id, json_agg(json_build_array(domain, solves, flash, points, latest)) AS parts FROM (\
             SELECT s.competitor_id AS id, {figures} FROM {people} \
             JOIN game_platform_challenge_solves s ON s.competitor_id = c.id \
             WHERE {present} AND {solved} GROUP BY s.competitor_id, s.domain) g GROUP BY g.id) d"
        ),
    }
}
