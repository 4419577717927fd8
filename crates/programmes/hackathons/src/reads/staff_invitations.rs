use identity::{
    model::{Role, UserId},
    rules::invitation_signs_in,
};
use kernel::Timestamp;
use platform::db::{DbError, Kind, Sql, own_rows};
use serde_json::Value;
use uuid::Uuid;

use super::{HackathonView, hackathon_by_id, role_in};
use crate::{
    model::{HackathonId, StaffInvitationId, StaffRole},
    rules::staff_invitations::{InvitationState, digest},
    store::staff_invitations::{self as store, InvitationRow},
};

/// An open invitation to the staff of a hackathon.
#[derive(Clone, Debug)]
pub struct StaffInvitationView {
    pub id: Uuid,
    pub role: StaffRole,
    /// The address that it was sent to.
    pub address: String,
    /// The login of the person who sent it; `None` for an operator.
    pub invited_by: Option<String>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Lists the open invitations to the staff of a hackathon, in the order in which they were sent, at most 100.
pub async fn staff_invitations(
    db: &impl Sql,
    hackathon: HackathonId,
    now: Timestamp,
) -> Result<Vec<StaffInvitationView>, DbError> {
    let rows = store::open(db, hackathon, now).await?;
    let people = rows.iter().filter_map(|row| row.invited_by_id).map(UserId::new);
    let logins = identity::reads::logins(db, people).await?;
    let login = |id: Uuid| logins.get(&UserId::new(id)).cloned();
    let view = |row: InvitationRow| {
        Some(StaffInvitationView {
            id: row.id,
            role: row.role,
            address: row.address?,
            invited_by: row.invited_by_id.and_then(login),
            created_at: row.created_at,
            expires_at: row.expires_at,
        })
    };
    Ok(rows.into_iter().filter_map(view).collect())
}

/// An invitation to the staff of a hackathon, as its link finds it.
#[derive(Clone, Debug)]
pub struct SentInvitation {
    pub id: Uuid,
    pub hackathon: HackathonView,
    pub role: StaffRole,
    /// The address that it was sent to; forgotten once it has ended.
    pub address: Option<String>,
    /// The address whose owner has the link, which is only in the email; `None` if they sign in first.
    pub proves: Option<String>,
    pub state: InvitationState,
    pub expires_at: Timestamp,
}

impl SentInvitation {
    #[must_use]
    pub fn key(&self) -> StaffInvitationId {
        StaffInvitationId::new(self.id)
    }
}

/// Finds an invitation to the staff by its token, with its state at an instant.
pub async fn staff_invitation(
    db: &impl Sql,
    token: &str,
    now: Timestamp,
) -> Result<Option<SentInvitation>, DbError> {
    match store::find(db, &digest(token)).await? {
        Some(row) => sent(db, row, now).await,
        None => Ok(None),
    }
}

/// Returns whether an open invitation was sent to an email address, in lower case.
///
/// # Errors
/// When the database fails.
pub async fn invites(db: &impl Sql, address: &str, now: Timestamp) -> Result<bool, DbError> {
    for row in store::open_to(db, address, now).await? {
        let found = sent(db, row, now).await?;
        if found.is_some_and(|it| it.state == InvitationState::Open) {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn sent(
    db: &impl Sql,
    row: InvitationRow,
    now: Timestamp,
) -> Result<Option<SentInvitation>, DbError> {
    let Some(hackathon) = hackathon_by_id(db, HackathonId::new(row.hackathon_id)).await? else {
        return Ok(None);
    };
    let may_grant = may_grant(db, &row, now).await?;
    let is_over = hackathon.phase(now).is_over();
    Ok(Some(SentInvitation {
        id: row.id,
        state: InvitationState::at(row.times(), is_over, may_grant, now),
        hackathon,
        role: row.role,
        proves: row.address.clone().filter(|_| invitation_signs_in(row.created_at, now)),
        address: row.address,
        expires_at: row.expires_at,
    }))
}

/// Returns whether the sender of an invitation may add people to the staff: an operator, an admin or an organizer.
async fn may_grant(db: &impl Sql, row: &InvitationRow, now: Timestamp) -> Result<bool, DbError> {
    let Some(sender) = row.invited_by_id.map(UserId::new) else {
        return Ok(true);
    };
    if !identity::reads::may_still_grant(db, sender, row.created_at, now).await? {
        return Ok(false);
    }
    let role = role_in(db, HackathonId::new(row.hackathon_id), sender).await?;
    Ok(role == Some(StaffRole::Organizer)
        || identity::reads::role(db, sender).await? == Some(Role::Admin))
}

pub(super) async fn export_staff_invitations(
    db: &impl Sql,
    person: UserId,
) -> Result<Value, DbError> {
    let columns = [
        ("hackathon", Kind::Text),
        ("role", Kind::Text),
        ("created_at", Kind::At),
        ("expires_at", Kind::At),
        ("accepted_at", Kind::At),
        ("revoked_at", Kind::At),
    ];
    let sql = "SELECT h.title AS hackathon, i.role, i.created_at, i.expires_at, i.accepted_at, i.revoked_at \
               FROM staff_invitations i JOIN hackathons h ON h.id = i.hackathon_id \
               WHERE i.invited_by_id = $1 ORDER BY i.id";
    own_rows(db, person.0, &columns, sql).await
}
