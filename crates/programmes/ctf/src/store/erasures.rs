//! Statements for what the game platform has to delete.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx};
use uuid::Uuid;

use crate::model::{CoachId, CompetitorId};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeletionSubject {
    Competitor(CompetitorId),
    Coach(CoachId),
    Team,
}

impl DeletionSubject {
    /// Returns the competitor and the coach that it refers to.
    fn rows(self) -> (Option<Uuid>, Option<Uuid>) {
        match self {
            Self::Competitor(id) => (Some(id.0), None),
            Self::Coach(id) => (None, Some(id.0)),
            Self::Team => (None, None),
        }
    }
}

/// A deletion that the game platform has to confirm.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewErasure<'a> {
    pub(crate) id: Uuid,
    pub(crate) subject: DeletionSubject,
    pub(crate) platform_id: &'a str,
    pub(crate) requested_by: Option<UserId>,
}

/// Records that the game platform has to delete something. Repeating it changes nothing.
pub(crate) async fn request(tx: &Tx, new: NewErasure<'_>, now: Timestamp) -> Result<(), DbError> {
    let sql = "INSERT INTO game_platform_erasures (id, created_at, competitor_id, coach_id, syned_user_id, \
               requested_by_id) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (syned_user_id) DO NOTHING";
    let (competitor, coach) = new.subject.rows();
    let values = [
        new.id.into(),
        now.into(),
        competitor.into(),
        coach.into(),
        new.platform_id.into(),
        new.requested_by.map(|person| person.0).into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Records who confirmed a deletion on the game platform; returns whether it was open.
pub(crate) async fn confirm(
    tx: &Tx,
    id: Uuid,
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "UPDATE game_platform_erasures SET confirmed_at = $1, confirmed_by_id = $2 \
               WHERE id = $3 AND confirmed_at IS NULL";
    let values = [now.into(), by.into(), id.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Records that the game platform has deleted a team, by its ID there.
pub(crate) async fn confirm_team(
    tx: &Tx,
    platform_id: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE game_platform_erasures SET confirmed_at = $1 WHERE syned_user_id = $2 \
               AND competitor_id IS NULL AND coach_id IS NULL AND confirmed_at IS NULL";
    tx.run(tx.statement(sql, [now.into(), platform_id.into()])).await?;
    Ok(())
}

/// Resolves the differences about an erased person, and empties what each side stated.
pub(crate) async fn forget_differences(
    tx: &Tx,
    subject: DeletionSubject,
    now: Timestamp,
) -> Result<(), DbError> {
    let (competitor, coach) = subject.rows();
    let sql = "UPDATE game_platform_differences SET here = '', there = '', \
               resolved_at = coalesce(resolved_at, $1) WHERE competitor_id = $2 OR coach_id = $3";
    let values = [now.into(), competitor.into(), coach.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}
