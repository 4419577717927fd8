//! Statements for teams and their members.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx, ascii_lower};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{HackathonId, MemberStatus, TeamId, TeamRole};

#[derive(Clone, Copy, Debug)]
pub(crate) struct NewTeam<'a> {
    pub(crate) id: TeamId,
    pub(crate) hackathon: HackathonId,
    pub(crate) name: &'a str,
    /// The slug, unique in the hackathon.
    pub(crate) slug: &'a str,
    /// The code with which people join it.
    pub(crate) code: &'a str,
}

pub(crate) async fn insert(tx: &Tx, new: NewTeam<'_>, now: Timestamp) -> Result<(), DbError> {
    let sql = "INSERT INTO teams (id, created_at, updated_at, hackathon_id, name, slug, invite_code) \
               VALUES ($1, $2, $2, $3, $4, $5, $6)";
    let values = [
        new.id.into(),
        now.into(),
        new.hackathon.into(),
        new.name.into(),
        new.slug.into(),
        new.code.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Writes the name of a team, its code, and when it was locked.
pub(crate) async fn update(
    tx: &Tx,
    id: TeamId,
    name: &str,
    code: &str,
    locked_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE teams SET name = $2, invite_code = $3, locked_at = $4, updated_at = $5 WHERE id = $1";
    let values = [id.into(), name.into(), code.into(), locked_at.into(), now.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Replaces the code of a team.
pub(crate) async fn set_code(
    tx: &Tx,
    id: TeamId,
    code: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE teams SET invite_code = $2, updated_at = $3 WHERE id = $1";
    tx.run(tx.statement(sql, [id.into(), code.into(), now.into()])).await?;
    Ok(())
}

/// A member of a team to insert, or a person whom it invites.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewMember {
    pub(crate) hackathon: HackathonId,
    pub(crate) team: TeamId,
    pub(crate) person: UserId,
    pub(crate) role: TeamRole,
    pub(crate) status: MemberStatus,
}

pub(crate) async fn insert_member(
    tx: &Tx,
    row: Uuid,
    new: NewMember,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO team_members (id, created_at, hackathon_id, team_id, user_id, role, status) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        row.into(),
        now.into(),
        new.hackathon.into(),
        new.team.into(),
        new.person.into(),
        new.role.as_str().into(),
        new.status.as_str().into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// A team that a person is in.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub(crate) struct JoinedTeam {
    pub(crate) hackathon_id: Uuid,
    pub(crate) team_id: Uuid,
}

/// Lists the teams that a person is in.
pub(crate) async fn joined(tx: &Tx, person: UserId) -> Result<Vec<JoinedTeam>, DbError> {
    let sql = "SELECT m.hackathon_id, m.team_id FROM team_members m \
               WHERE m.user_id = $1 AND m.status = 'active' ORDER BY m.team_id";
    tx.all(tx.statement(sql, [person.into()])).await
}

/// Deletes the invitation of a person to a team; returns whether there was one.
pub(crate) async fn end_invitation(tx: &Tx, team: TeamId, person: UserId) -> Result<bool, DbError> {
    let sql = "DELETE FROM team_members WHERE team_id = $1 AND user_id = $2 AND status = 'invited'";
    let values = [team.into(), person.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Deletes the invitations to a team.
pub(crate) async fn end_invitations(tx: &Tx, team: TeamId) -> Result<(), DbError> {
    let sql = "DELETE FROM team_members WHERE team_id = $1 AND status = 'invited'";
    tx.run(tx.statement(sql, [team.into()])).await?;
    Ok(())
}

pub(crate) async fn forget_invitations(tx: &Tx, person: UserId) -> Result<(), DbError> {
    let sql = "DELETE FROM team_members WHERE user_id = $1 AND status = 'invited'";
    tx.run(tx.statement(sql, [person.into()])).await?;
    Ok(())
}

/// Gives an active member another role.
pub(crate) async fn set_role(
    tx: &Tx,
    team: TeamId,
    person: UserId,
    role: TeamRole,
) -> Result<(), DbError> {
    let sql = "UPDATE team_members SET role = $3 WHERE team_id = $1 AND user_id = $2 AND status = 'active'";
    let values = [team.into(), person.into(), role.as_str().into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

pub(crate) async fn end_membership(
    tx: &Tx,
    team: TeamId,
    person: UserId,
    status: MemberStatus,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE team_members SET status = $3, ended_at = $4 \
               WHERE team_id = $1 AND user_id = $2 AND status = 'active'";
    let values = [team.into(), person.into(), status.as_str().into(), now.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Renames the teams that only the person ever was in, because the name is theirs.
pub(crate) async fn forget_names(
    tx: &Tx,
    person: UserId,
    name: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let slug = match tx.engine() {
        platform::db::Engine::Sqlite => ascii_lower("hex(id)"),
        platform::db::Engine::Postgres => "replace(CAST(id AS text), '-', '')".to_owned(),
    };
    let sql = format!(
        "UPDATE teams SET name = $2, slug = {slug}, updated_at = $3 WHERE id IN (SELECT m.team_id \
         FROM team_members m WHERE m.user_id = $1) AND NOT EXISTS (SELECT 1 FROM team_members o \
         WHERE o.team_id = teams.id AND o.user_id <> $1 AND o.status <> 'invited')"
    );
    let values = [person.into(), name.into(), now.into()];
    tx.run(tx.statement(&sql, values)).await?;
    Ok(())
}
