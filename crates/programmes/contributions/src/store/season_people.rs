//! Participants of seasons and their sanctions.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx, erase_rows};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{FlagId, SanctionId, SanctionKind, SeasonId};

/// A person's registration.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub(crate) struct Participant {
    pub(crate) id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) timezone: String,
    pub(crate) consent_version: i64,
    pub(crate) shares_email: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) withdrawn_at: Option<Timestamp>,
}

const PARTICIPANT: &str = "p.id, p.user_id, p.timezone, p.consent_version, p.shares_email, \
     p.created_at, p.withdrawn_at";

/// Finds a person's registration, which may be withdrawn.
pub(crate) async fn participant(
    db: &impl Sql,
    season: SeasonId,
    person: UserId,
) -> Result<Option<Participant>, DbError> {
    let sql = format!(
        "SELECT {PARTICIPANT} FROM season_participants p WHERE p.season_id = $1 AND p.user_id = $2"
    );
    db.one(db.statement(&sql, [season.into(), person.into()])).await
}

/// Finds a registration by the row's ID, with its season.
pub(crate) async fn participant_by_id(
    db: &impl Sql,
    id: Uuid,
) -> Result<Option<(SeasonId, Participant)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        season_id: Uuid,
        #[sea_orm(nested)]
        participant: Participant,
    }
    let sql =
        format!("SELECT p.season_id, {PARTICIPANT} FROM season_participants p WHERE p.id = $1");
    let found: Option<Row> = db.one(db.statement(&sql, [id.into()])).await?;
    Ok(found.map(|row| (row.season_id.into(), row.participant)))
}

/// Lists all registrations of a season.
pub(crate) async fn participants(
    db: &impl Sql,
    season: SeasonId,
) -> Result<Vec<Participant>, DbError> {
    let sql = format!("SELECT {PARTICIPANT} FROM season_participants p WHERE p.season_id = $1");
    db.all(db.statement(&sql, [season.into()])).await
}

/// Stores a registration. The time zone of an earlier one stays.
pub(crate) async fn register(
    tx: &Tx,
    season: SeasonId,
    new: &Participant,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO season_participants (id, season_id, user_id, timezone, consent_version, \
               shares_email, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7) \
               ON CONFLICT (season_id, user_id) DO UPDATE SET withdrawn_at = NULL, \
               consent_version = excluded.consent_version, shares_email = excluded.shares_email, \
               updated_at = excluded.updated_at";
    let values = [
        new.id.into(),
        season.into(),
        new.user_id.into(),
        new.timezone.as_str().into(),
        new.consent_version.into(),
        new.shares_email.into(),
        now.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Stores that a person withdrew.
pub(crate) async fn withdraw(tx: &Tx, id: Uuid, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE season_participants SET withdrawn_at = $1, shares_email = false, \
               updated_at = $1 WHERE id = $2";
    tx.run(tx.statement(sql, [now.into(), id.into()])).await?;
    Ok(())
}

#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Sanction {
    pub(crate) id: Uuid,
    pub(crate) season_id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) kind: SanctionKind,
    pub(crate) reason: String,
    pub(crate) created_at: Timestamp,
    pub(crate) lifted_at: Option<Timestamp>,
    pub(crate) lift_reason: Option<String>,
    /// The flag that caused it, unless an organizer decided on it.
    pub(crate) flag_id: Option<Uuid>,
}

impl Sanction {
    pub(crate) fn disqualifies(&self) -> bool {
        self.kind == SanctionKind::Disqualification && self.lifted_at.is_none()
    }
}

const SANCTION: &str = "s.id, s.season_id, s.user_id, s.kind, s.reason, s.created_at, s.lifted_at, s.lift_reason, s.flag_id";

/// Lists the sanctions of a season, or of a person in it, earliest first.
pub(crate) async fn sanctions(
    db: &impl Sql,
    season: SeasonId,
    person: Option<UserId>,
) -> Result<Vec<Sanction>, DbError> {
    let mut query = db.query();
    let season = query.bind(season);
    let of_person =
        person.map_or(String::new(), |person| format!("AND s.user_id = {}", query.bind(person)));
    let sql = format!(
        "SELECT {SANCTION} FROM sanctions s WHERE s.season_id = {season} {of_person} ORDER BY s.id"
    );
    db.all(query.statement(sql)).await
}

pub(crate) async fn sanction(db: &impl Sql, id: SanctionId) -> Result<Option<Sanction>, DbError> {
    let sql = format!("SELECT {SANCTION} FROM sanctions s WHERE s.id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// A sanction as it is inserted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SanctionToStore<'a> {
    pub(crate) id: SanctionId,
    pub(crate) season: SeasonId,
    pub(crate) person: UserId,
    pub(crate) kind: SanctionKind,
    pub(crate) reason: &'a str,
    /// The flag that causes it.
    pub(crate) flag: Option<FlagId>,
    /// The person who decided; absent for an operator.
    pub(crate) decided_by: Option<Uuid>,
}

pub(crate) async fn insert_sanction(
    tx: &Tx,
    new: &SanctionToStore<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO sanctions (id, season_id, user_id, kind, reason, decided_by_id, created_at, flag_id) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = [
        new.id.into(),
        new.season.into(),
        new.person.into(),
        new.kind.as_str().into(),
        new.reason.into(),
        new.decided_by.into(),
        now.into(),
        new.flag.map(|flag| flag.0).into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Lists the sanctions that a flag caused and that are not lifted, by ID.
pub(crate) async fn sanctions_of_flag(
    db: &impl Sql,
    flag: FlagId,
) -> Result<Vec<Sanction>, DbError> {
    let sql = format!(
        "SELECT {SANCTION} FROM sanctions s WHERE s.flag_id = $1 AND s.lifted_at IS NULL ORDER BY s.id"
    );
    db.all(db.statement(&sql, [flag.into()])).await
}

/// Returns the person who imposed a sanction, unless an operator did.
pub(crate) async fn decider(db: &impl Sql, id: SanctionId) -> Result<Option<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        decided_by_id: Option<Uuid>,
    }
    let sql = "SELECT decided_by_id FROM sanctions WHERE id = $1";
    let row: Option<Row> = db.one(db.statement(sql, [id.into()])).await?;
    Ok(row.and_then(|row| row.decided_by_id))
}

/// Stores that a sanction was lifted.
pub(crate) async fn lift(
    tx: &Tx,
    id: SanctionId,
    reason: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE sanctions SET lifted_at = $1, lift_reason = $2 WHERE id = $3";
    tx.run(tx.statement(sql, [now.into(), reason.into(), id.into()])).await?;
    Ok(())
}

/// Removes a person from the organizers, the reasons of their sanctions, and what they registered with. That they took
/// part stays, because the results refer to it.
pub(crate) async fn erase(tx: &Tx, person: UserId) -> Result<(), DbError> {
    let statements = [
        "DELETE FROM season_organizers WHERE user_id = $1",
        "UPDATE season_participants SET timezone = 'UTC', shares_email = false, \
         withdrawn_at = coalesce(withdrawn_at, updated_at) WHERE user_id = $1",
        "UPDATE sanctions SET reason = '', lift_reason = NULL \
         WHERE user_id = $1 OR decided_by_id = $1",
    ];
    erase_rows(tx, person.0, &statements).await
}
