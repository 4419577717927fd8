use identity::{
    model::{Role, UserId},
    rules::invitation_signs_in,
};
use kernel::Timestamp;
use platform::db::{DbError, Sql, ascii_lower};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::RosterView;
use crate::{
    model::{LinkKind, RosterId, RosterRole},
    rules::links::{self, LinkState},
    store::{self, links::LinkRow},
};

#[derive(Clone, Debug)]
pub struct LinkView {
    pub id: Uuid,
    pub kind: LinkKind,
    pub roster_id: Option<Uuid>,
    pub competitor_id: Option<Uuid>,
    /// The role that it gives, for a shared roster.
    pub role: RosterRole,
    /// The address that it was sent to, whose owner alone can accept it; `None` if everyone with the link can.
    pub email: Option<String>,
    /// The address whose owner has the token, which was only in the email; `None` for another token, or if they sign in first.
    pub proves: Option<String>,
    /// The person who made it; `None` for an operator.
    pub created_by_id: Option<Uuid>,
    pub state: LinkState,
    /// The end of its lifetime.
    pub expires_at: Timestamp,
}

/// Finds an invitation by its token, with its state at an instant.
pub async fn link(db: &impl Sql, token: &str, now: Timestamp) -> Result<Option<LinkView>, DbError> {
    if !links::is_token(token) {
        return Ok(None);
    }
    let digest = links::digest(token);
    let Some(row) = store::links::find(db, &digest).await? else {
        return Ok(None);
    };
    let is_mailed = row.mailed_digest.as_ref() == Some(&digest);
    let signs_in = is_mailed && invitation_signs_in(row.created_at, now);
    Ok(Some(LinkView {
        id: row.id,
        kind: row.kind,
        roster_id: row.roster_id,
        competitor_id: row.competitor_id,
        role: row.role(),
        email: row.email.clone(),
        proves: row.email.clone().filter(|_| signs_in),
        created_by_id: row.created_by_id,
        state: link_state(db, &row, now).await?,
        expires_at: row.expires_at,
    }))
}

/// Returns whether an open invitation was sent to an email address, in lower case. Invitations that were accepted or revoked have
/// forgotten theirs.
///
/// # Errors
/// When the database fails.
pub async fn invites(db: &impl Sql, address: &str, now: Timestamp) -> Result<bool, DbError> {
    let sql = format!(
        "SELECT count(*) FROM ctf_links WHERE {} = $1 AND expires_at > $2 \
         AND used_at IS NULL AND revoked_at IS NULL",
        ascii_lower("email")
    );
    Ok(db.count(db.statement(&sql, [address.into(), now.into()])).await? > 0)
}

/// Returns the state of an invitation at an instant: it is worth what its maker may grant then.
pub(crate) async fn link_state(
    db: &impl Sql,
    row: &LinkRow,
    now: Timestamp,
) -> Result<LinkState, DbError> {
    let state = row.state(now);
    if state != LinkState::Usable || may_grant(db, row, now).await? {
        return Ok(state);
    }
    Ok(state.without_maker(row.is_answered()))
}

/// Returns whether the maker of an invitation may grant what it gives: an operator, an admin, or a coach of the roster. No one
/// grants anything for an archived roster, or for a competitor who left.
async fn may_grant(db: &impl Sql, row: &LinkRow, now: Timestamp) -> Result<bool, DbError> {
    let roster = granted_roster(db, row).await?;
    if roster.is_none() && row.kind != LinkKind::Coach {
        return Ok(false);
    }
    let Some(maker) = row.created_by_id.map(UserId::new) else {
        return Ok(true);
    };
    if !identity::reads::may_still_grant(db, maker, row.created_at, now).await? {
        return Ok(false);
    }
    if identity::reads::role(db, maker).await? == Some(Role::Admin) {
        return Ok(true);
    }
    let Some(roster) = roster else {
        return Ok(false);
    };
    let role = super::roster_role(db, roster.key(), maker).await?;
    Ok(role == Some(RosterRole::Coach))
}

/// Returns the roster for which an invitation grants something, which is where a competitor is now.
async fn granted_roster(db: &impl Sql, row: &LinkRow) -> Result<Option<RosterView>, DbError> {
    let roster = match row.competitor_id {
        Some(id) => {
            let found = super::competitor(db, id.into()).await?;
            let present = found.filter(|it| it.left_at.is_none() && it.erased_at.is_none());
            present.map(|competitor| competitor.roster())
        }
        None => row.roster_id.map(Into::into),
    };
    let Some(roster) = roster else {
        return Ok(None);
    };
    let found = super::roster(db, roster).await?;
    Ok(found.filter(|roster| !roster.is_archived()))
}

/// An open invitation in a list.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OpenLink {
    pub id: Uuid,
    pub kind: LinkKind,
    /// For a shared roster.
    pub role: Option<RosterRole>,
    /// The address that it was sent to.
    pub email: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// The end of its lifetime.
    pub expires_at: Timestamp,
}

impl OpenLink {
    /// Returns what the invitation is for, in words.
    #[must_use]
    pub fn purpose(&self) -> String {
        match (self.kind, self.role) {
            (LinkKind::Roster, Some(role)) => {
                format!("Share as {}", role.heading().to_lowercase())
            }
            (kind, _) => kind.heading().to_owned(),
        }
    }
}

const OPEN: &str = "SELECT l.id, l.kind, l.role, l.email, l.created_at, l.expires_at FROM ctf_links l \
     WHERE l.used_at IS NULL AND l.revoked_at IS NULL AND l.expires_at > $1";

/// Lists the open invitations to a roster, newest first.
pub async fn open_links(
    db: &impl Sql,
    roster: RosterId,
    now: Timestamp,
) -> Result<Vec<OpenLink>, DbError> {
    let sql = format!(
        "{OPEN} AND l.roster_id = $2 AND l.kind IN ('roster', 'join') ORDER BY l.id DESC LIMIT 200"
    );
    db.all(db.statement(&sql, [now.into(), roster.into()])).await
}

/// Lists the open invitations to become a coach, newest first.
pub async fn open_coach_links(db: &impl Sql, now: Timestamp) -> Result<Vec<OpenLink>, DbError> {
    let sql = format!("{OPEN} AND l.kind = 'coach' ORDER BY l.id DESC LIMIT 200");
    db.all(db.statement(&sql, [now.into()])).await
}
