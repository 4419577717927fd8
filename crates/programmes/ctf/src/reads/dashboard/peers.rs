use std::collections::BTreeMap;

use chrono::TimeDelta;
use kernel::Timestamp;
use platform::db::{DbError, Kind, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::DIVISION;
use crate::rules::peers::{PeerPoints, Quantiles};

/// The stored distribution of a division's points in a domain.
#[derive(Clone, Debug, FromQueryResult)]
pub struct StoredFigures {
    /// The stored domain; empty for all of them.
    pub domain: String,
    pub competitors: i64,
    pub rosters: i64,
    /// The quantiles, as a JSON array.
    quantiles: String,
    /// When they were counted.
    pub created_at: Timestamp,
}

impl StoredFigures {
    #[must_use]
    pub fn quantiles(&self) -> Quantiles {
        Quantiles(serde_json::from_str(&self.quantiles).unwrap_or_default())
    }
}

/// Returns the figures of a division in the last `days` days, by domain. Empty if it has too few competitors.
///
/// # Errors
/// When the database fails.
pub async fn division_figures(
    db: &impl Sql,
    division: &str,
    days: u16,
) -> Result<BTreeMap<String, StoredFigures>, DbError> {
    let sql = "SELECT f.domain, f.competitors, f.rosters, f.quantiles, f.created_at \
         FROM ctf_division_figures f WHERE f.division = $1 AND f.days = $2";
    let statement = db.statement(sql, [division.into(), u32::from(days).into()]);
    let rows: Vec<StoredFigures> = db.all(statement).await?;
    Ok(rows.into_iter().map(|row| (row.domain.clone(), row)).collect())
}

/// The competitor, the roster, the division, the domain, and the points and solves in the last 7, 30 and 90 days.
type Row = (Uuid, Uuid, String, String, i64, i64, i64, i64, i64, i64);

const COLUMNS: [(&str, Kind); 10] = [
    ("competitor", Kind::Uuid),
    ("roster", Kind::Uuid),
    ("division", Kind::Text),
    ("domain", Kind::Text),
    ("points_7", Kind::Int),
    ("points_30", Kind::Int),
    ("points_90", Kind::Int),
    ("solves_7", Kind::Int),
    ("solves_30", Kind::Int),
    ("solves_90", Kind::Int),
];

/// Returns the points of all competitors of current rosters by domain, up to an instant. This reads the solves of 90 days of
/// everyone, so that only the hourly schedule uses it.
///
/// # Errors
/// When the database fails.
pub async fn peer_points(db: &impl Sql, now: Timestamp) -> Result<Vec<PeerPoints>, DbError> {
    let mut query = db.query();
    let [week, month, quarter] = [7, 30, 90].map(|days| query.bind(now - TimeDelta::days(days)));
    let points = |since: &str| {
        format!("CAST(sum(CASE WHEN s.solved_at >= {since} THEN s.points ELSE 0 END) AS bigint)")
    };
    let solves = |since: &str| format!("count(CASE WHEN s.solved_at >= {since} THEN 1 END)");
    let sql = format!(
        "SELECT c.id AS competitor, c.roster_id AS roster, {DIVISION} AS division, g.domain AS domain, \
         g.points_7, g.points_30, g.points_90, g.solves_7, g.solves_30, g.solves_90 FROM (\
         SELECT s.competitor_id, s.domain, {} AS points_7, {} AS points_30, {} AS points_90, \
         {} AS solves_7, {} AS solves_30, {} AS solves_90 FROM game_platform_challenge_solves s \
         WHERE s.solved_at >= {quarter} AND s.vanished_at IS NULL GROUP BY s.competitor_id, s.domain) g \
         JOIN competitors c ON c.id = g.competitor_id JOIN rosters r ON r.id = c.roster_id \
         WHERE c.left_at IS NULL AND c.erased_at IS NULL AND r.archived_at IS NULL AND {DIVISION} IS NOT NULL",
        points(&week),
        points(&month),
        points(&quarter),
        solves(&week),
        solves(&month),
        solves(&quarter),
    );
    let rows: Vec<Row> = db.documents(query.documents(&COLUMNS, &sql)).await?;
    Ok(rows.into_iter().map(peer).collect())
}

fn peer((competitor, roster, division, domain, week, month, quarter, a, b, c): Row) -> PeerPoints {
    PeerPoints {
        competitor,
        roster,
        division,
        domain,
        points: [week, month, quarter],
        solves: [a, b, c],
    }
}
