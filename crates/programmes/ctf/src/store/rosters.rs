use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use identity::model::UserId;

use super::{
    competitors::folded_name,
    links::{self, LinksOf},
};
use crate::{
    model::{CoachId, CompetitorId, CompetitorStatus, RosterId, RosterRole},
    rules::rosters::{PersonName, RosterDetails},
};

/// Inserts a roster, which continues the `former` one if there is one.
pub(crate) async fn insert(
    tx: &Tx,
    id: RosterId,
    details: &RosterDetails,
    former: Option<RosterId>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO rosters (id, created_at, updated_at, name, school, school_year, timezone, former_id) \
               VALUES ($1, $2, $2, $3, $4, $5, $6, $7)";
    let values = [
        id.into(),
        now.into(),
        details.name.as_str().into(),
        details.school.as_str().into(),
        details.school_year.as_str().into(),
        details.timezone.as_str().into(),
        former.map(|former| former.0).into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Writes the settings of a roster.
pub(crate) async fn update(
    tx: &Tx,
    id: RosterId,
    details: &RosterDetails,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE rosters SET name = $2, school = $3, school_year = $4, timezone = $5, \
               updated_at = $6 WHERE id = $1";
    let values = [
        id.into(),
        details.name.as_str().into(),
        details.school.as_str().into(),
        details.school_year.as_str().into(),
        details.timezone.as_str().into(),
        now.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Archives a roster and its teams, and ends the memberships in them.
pub(crate) async fn archive(tx: &Tx, id: RosterId, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE rosters SET archived_at = $1, updated_at = $1 WHERE id = $2";
    tx.run(tx.statement(sql, [now.into(), id.into()])).await?;
    let sql = "UPDATE ctf_teams SET status = 'archived', updated_at = $1 WHERE roster_id = $2";
    tx.run(tx.statement(sql, [now.into(), id.into()])).await?;
    let sql = "UPDATE ctf_team_members SET left_at = $1 WHERE left_at IS NULL \
               AND team_id IN (SELECT id FROM ctf_teams WHERE roster_id = $2)";
    tx.run(tx.statement(sql, [now.into(), id.into()])).await?;
    Ok(())
}

/// Opens a roster that was archived at an instant, with the teams and memberships that ended then, as far as their competitors
/// are on it.
pub(crate) async fn reopen(
    tx: &Tx,
    id: RosterId,
    archived_at: Timestamp,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE rosters SET archived_at = NULL, updated_at = $1 WHERE id = $2";
    tx.run(tx.statement(sql, [now.into(), id.into()])).await?;
    let sql = "UPDATE ctf_team_members SET left_at = NULL WHERE left_at = $1 AND team_id IN \
               (SELECT t.id FROM ctf_teams t WHERE t.roster_id = $2 AND t.updated_at = $1 AND t.status = 'archived') \
               AND competitor_id IN (SELECT p.id FROM competitors p WHERE p.roster_id = $2 AND p.left_at IS NULL)";
    tx.run(tx.statement(sql, [archived_at.into(), id.into()])).await?;
    let sql = "UPDATE ctf_teams SET status = CASE WHEN game_platform_id IS NULL THEN 'forming' ELSE 'active' END, \
               updated_at = $3 WHERE roster_id = $2 AND updated_at = $1 AND status = 'archived'";
    tx.run(tx.statement(sql, [archived_at.into(), id.into(), now.into()])).await?;
    Ok(())
}

/// Returns everyone who is or was on the roster of the next school year to the former one, and those who left it when it was
/// archived.
pub(crate) async fn give_back(
    tx: &Tx,
    next: Option<RosterId>,
    former: RosterId,
    archived_at: Timestamp,
    now: Timestamp,
) -> Result<(), DbError> {
    if let Some(next) = next {
        let sql = "UPDATE competitors SET roster_id = $1, updated_at = $2 WHERE roster_id = $3";
        tx.run(tx.statement(sql, [former.into(), now.into(), next.into()])).await?;
    }
    let sql = "UPDATE competitors SET left_at = NULL, updated_at = $1 \
               WHERE roster_id = $2 AND left_at = $3 AND erased_at IS NULL";
    tx.run(tx.statement(sql, [now.into(), former.into(), archived_at.into()])).await?;
    Ok(())
}

/// Deletes a roster without competitors and teams, with its coaches and links, and what it keeps of erased competitors.
pub(crate) async fn delete(tx: &Tx, id: RosterId) -> Result<(), DbError> {
    for sql in [
        "DELETE FROM ctf_links WHERE roster_id = $1",
        "DELETE FROM ctf_enrollments WHERE roster_id = $1",
        "DELETE FROM roster_coaches WHERE roster_id = $1",
        "DELETE FROM rosters WHERE id = $1",
    ] {
        tx.run(tx.statement(sql, [id.into()])).await?;
    }
    Ok(())
}

/// Gives a coach a role on a roster, or changes it.
pub(crate) async fn set_role(
    tx: &Tx,
    id: Uuid,
    roster: RosterId,
    coach: CoachId,
    role: RosterRole,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO roster_coaches (id, created_at, roster_id, coach_id, role) \
               VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (roster_id, coach_id) DO UPDATE SET role = excluded.role";
    let values = [id.into(), now.into(), roster.into(), coach.into(), role.as_str().into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

pub(crate) async fn remove_coach(tx: &Tx, roster: RosterId, coach: CoachId) -> Result<(), DbError> {
    let sql = "DELETE FROM roster_coaches WHERE roster_id = $1 AND coach_id = $2";
    tx.run(tx.statement(sql, [roster.into(), coach.into()])).await?;
    Ok(())
}

#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct SharedRoster {
    pub(crate) coach_id: Uuid,
    pub(crate) role: RosterRole,
    pub(crate) approved: bool,
}

/// Lists the coaches of a roster.
pub(crate) async fn shared(db: &impl Sql, roster: RosterId) -> Result<Vec<SharedRoster>, DbError> {
    let sql = "SELECT s.coach_id, s.role, c.approved FROM roster_coaches s \
               JOIN coaches c ON c.id = s.coach_id WHERE s.roster_id = $1 ORDER BY s.id";
    db.all(db.statement(sql, [roster.into()])).await
}

/// Moves competitors from one roster to another, `years` later, so that their grades advance; returns the IDs of those who
/// were moved. Who left or was erased is not. The former roster's links, and those of all its competitors, are revoked.
pub(crate) async fn move_competitors(
    tx: &Tx,
    (from, to): (RosterId, RosterId),
    chosen: &[CompetitorId],
    years: i64,
    now: Timestamp,
) -> Result<Vec<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let mut query = tx.query();
    let rows = query.rows(ids(chosen.iter().copied()), "r");
    let former = query.bind(from);
    let sql = format!(
        "SELECT p.id FROM competitors p WHERE p.id IN (SELECT r.id FROM {rows}) \
         AND p.roster_id = {former} AND p.left_at IS NULL AND p.erased_at IS NULL ORDER BY p.id"
    );
    let found: Vec<Row> = tx.all(query.statement(sql)).await?;
    let moved: Vec<Uuid> = found.into_iter().map(|row| row.id).collect();
    tx.lock_rows("competitors", moved.iter().copied()).await?;
    links::revoke(tx, LinksOf::Roster(from), now).await?;
    let mut query = tx.query();
    let rows = query.rows(ids(moved.iter().copied()), "r");
    let (to, now, years) = (query.bind(to), query.bind(now), query.bind(years));
    let sql = format!(
        "UPDATE competitors SET roster_id = {to}, grade = grade + {years}, updated_at = {now} \
         WHERE id IN (SELECT r.id FROM {rows})"
    );
    tx.run(query.statement(sql)).await?;
    Ok(moved)
}

/// Inserts a competitor whom a coach has yet to confirm; returns whether the person had no row.
pub(crate) async fn insert_pending(
    tx: &Tx,
    id: CompetitorId,
    roster: RosterId,
    person: UserId,
    name: &PersonName,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "INSERT INTO competitors (id, created_at, updated_at, roster_id, user_id, first_name, \
               last_name, name_folded, status) VALUES ($1, $2, $2, $3, $4, $5, $6, $8, $7) \
               ON CONFLICT (user_id) DO NOTHING";
    let values = [
        id.into(),
        now.into(),
        roster.into(),
        person.into(),
        name.first.as_str().into(),
        name.last.as_str().into(),
        CompetitorStatus::Pending.as_str().into(),
        folded_name(&name.first, &name.last),
    ];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Moves a competitor who left to a roster, whose coach has yet to confirm them, ends their membership in a team and revokes the
/// links that coaches of the former roster made.
pub(crate) async fn rejoin(
    tx: &Tx,
    id: CompetitorId,
    roster: RosterId,
    name: &PersonName,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE competitors SET roster_id = $2, first_name = $3, last_name = $4, \
               name_folded = $7, status = $5, left_at = NULL, confirmed_at = NULL, updated_at = $6 \
               WHERE id = $1";
    let values = [
        id.into(),
        roster.into(),
        name.first.as_str().into(),
        name.last.as_str().into(),
        CompetitorStatus::Pending.as_str().into(),
        now.into(),
        folded_name(&name.first, &name.last),
    ];
    tx.run(tx.statement(sql, values)).await?;
    let sql =
        "UPDATE ctf_team_members SET left_at = $1 WHERE competitor_id = $2 AND left_at IS NULL";
    tx.run(tx.statement(sql, [now.into(), id.into()])).await?;
    links::revoke(tx, LinksOf::Competitor(id), now).await.map(drop)
}

/// Records the last day of the week that was sent for a roster.
pub(crate) async fn set_week_sent(tx: &Tx, id: RosterId, last: &str) -> Result<(), DbError> {
    let sql = "UPDATE rosters SET week_sent = $1 WHERE id = $2";
    tx.run(tx.statement(sql, [last.into(), id.into()])).await?;
    Ok(())
}
