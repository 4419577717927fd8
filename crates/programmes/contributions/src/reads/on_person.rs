//! The record of a person for moderators: figures, what they hold, and what is open about them.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql, code};
use sea_orm::FromQueryResult;

use crate::{
    model::{DisputeKind, SanctionKind},
    rules::fair_play::FindingKind,
};

/// The maximum number of things that a person holds, or that are open about them.
const MOST: i64 = 60;

/// The figures of a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct PersonCounts {
    pub merged: i64,
    /// The number of projects with merges.
    pub projects: i64,
    /// The number of flags that concern the person.
    pub flags: i64,
    pub confirmed: i64,
}

/// Something that a person holds, or that is open about them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PersonMatter {
    /// A project that they maintain.
    Project { name: String, slug: String },
    /// A season that they organize.
    Organized { name: String, slug: String },
    /// A season in which they take part.
    Season { name: String, slug: String },
    /// A warning or disqualification in a season.
    Sanction { kind: SanctionKind, season: String, slug: String, at: Timestamp },
    /// An open flag that concerns them.
    Flag { kind: FindingKind, number: i64, at: Timestamp },
    /// A dispute that they opened, or an appeal of theirs.
    Dispute { kind: DisputeKind, number: i64, at: Timestamp },
}

#[derive(FromQueryResult)]
struct Row {
    what: String,
    /// The code of the kind of a sanction, a flag or a dispute; else empty.
    detail: String,
    name: String,
    slug: String,
    number: i64,
    at: Timestamp,
}

impl Row {
    fn matter(self) -> Result<PersonMatter, DbError> {
        let Self { what, detail, name, slug, number, at } = self;
        Ok(match what.as_str() {
            "maintains" => PersonMatter::Project { name, slug },
            "organizes" => PersonMatter::Organized { name, slug },
            "takes_part" => PersonMatter::Season { name, slug },
            "sanction" => {
                let kind = code("sanctions.kind", &detail, SanctionKind::named)?;
                PersonMatter::Sanction { kind, season: name, slug, at }
            }
            "flag" => {
                let kind = code("fair_play_flags.kind", &detail, FindingKind::named)?;
                PersonMatter::Flag { kind, number, at }
            }
            _ => {
                let kind = code("disputes.kind", &detail, DisputeKind::named)?;
                PersonMatter::Dispute { kind, number, at }
            }
        })
    }
}

/// Counts the merges and flags of a person.
///
/// # Errors
/// When the database fails.
pub async fn person_counts(db: &impl Sql, person: UserId) -> Result<PersonCounts, DbError> {
    let flags = "FROM fair_play_subjects s JOIN fair_play_flags f ON f.id = s.flag_id \
                 WHERE s.kind = 'person' AND s.subject_id = $1";
    let merges = "FROM contributions c WHERE c.author_id = $1 AND c.state = 'MERGED'";
    let sql = format!(
        "SELECT (SELECT count(*) {merges}) AS merged, (SELECT count(DISTINCT c.project_id) {merges}) AS projects, \
         (SELECT count(*) {flags}) AS flags, (SELECT count(*) {flags} AND f.state = 'confirmed') AS confirmed"
    );
    let counts: Option<PersonCounts> = db.one(db.statement(&sql, [person.into()])).await?;
    Ok(counts.unwrap_or_default())
}

/// Lists what a person holds and what is open about them, the earliest of each kind first.
///
/// # Errors
/// When the database fails.
pub async fn person_matters(db: &impl Sql, person: UserId) -> Result<Vec<PersonMatter>, DbError> {
    let runs = "s.canceled_at IS NULL AND s.signed_off_at IS NULL";
    let sql = format!(
        "SELECT 'maintains' AS what, '' AS detail, p.name AS name, p.slug AS slug, CAST(0 AS bigint) AS number, m.created_at AS at \
         FROM project_maintainers m JOIN projects p ON p.id = m.project_id \
         WHERE m.user_id = $1 AND p.archived_at IS NULL \
         UNION ALL SELECT 'organizes', '', s.name, s.slug, 0, o.created_at FROM season_organizers o \
         JOIN seasons s ON s.id = o.season_id WHERE o.user_id = $1 AND {runs} \
         UNION ALL SELECT 'takes_part', '', s.name, s.slug, 0, t.created_at FROM season_participants t \
         JOIN seasons s ON s.id = t.season_id WHERE t.user_id = $1 AND t.withdrawn_at IS NULL AND {runs} \
         UNION ALL SELECT 'sanction', n.kind, s.name, s.slug, 0, n.created_at FROM sanctions n \
         JOIN seasons s ON s.id = n.season_id WHERE n.user_id = $1 AND n.lifted_at IS NULL \
         UNION ALL SELECT 'flag', f.kind, '', '', f.number, f.created_at FROM fair_play_subjects x \
         JOIN fair_play_flags f ON f.id = x.flag_id \
         WHERE x.kind = 'person' AND x.subject_id = $1 AND f.state = 'open' \
         UNION ALL SELECT 'dispute', d.kind, '', '', d.number, d.created_at FROM disputes d \
         WHERE d.opened_by_id = $1 AND (d.state = 'open' \
         OR EXISTS (SELECT 1 FROM appeals a WHERE a.dispute_id = d.id AND a.state = 'open')) \
         ORDER BY what, at LIMIT $2"
    );
    let rows: Vec<Row> = db.all(db.statement(&sql, [person.into(), MOST.into()])).await?;
    rows.into_iter().map(Row::matter).collect()
}
