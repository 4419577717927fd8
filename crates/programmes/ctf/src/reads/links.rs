use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{LinkKind, RosterId, RosterRole},
    rules::links::{self, LinkState},
    store,
};

#[derive(Clone, Debug)]
pub struct LinkView {
    pub id: Uuid,
    pub kind: LinkKind,
    pub roster_id: Option<Uuid>,
    pub competitor_id: Option<Uuid>,
    /// The role that it gives, for a shared roster.
    pub role: RosterRole,
    pub state: LinkState,
    /// The end of its lifetime.
    pub expires_at: Timestamp,
}

/// Finds an invitation by its token, with its state at an instant.
pub async fn link(db: &impl Sql, token: &str, now: Timestamp) -> Result<Option<LinkView>, DbError> {
    if !links::is_token(token) {
        return Ok(None);
    }
    let found = store::links::find(db, &links::digest(token)).await?;
    Ok(found.map(|row| LinkView {
        id: row.id,
        kind: row.kind(),
        roster_id: row.roster_id,
        competitor_id: row.competitor_id,
        role: row.role(),
        state: row.state(now),
        expires_at: row.expires_at,
    }))
}

/// An open invitation in a list.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OpenLink {
    pub id: Uuid,
    /// The stored kind.
    pub kind: String,
    /// The stored role, for a shared roster.
    pub role: Option<String>,
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
        let role = self.role.as_deref().and_then(RosterRole::named);
        match (LinkKind::named(&self.kind), role) {
            (Some(LinkKind::Roster), Some(role)) => {
                format!("Share as {}", role.heading().to_lowercase())
            }
            (Some(kind), _) => kind.heading().to_owned(),
            (None, _) => self.kind.clone(),
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
