//! Invitations to the community.

use kernel::Timestamp;
use platform::db::{DbError, Sql};

use crate::{rules::INVITATION_LASTS, store::invitations};

pub use crate::store::invitations::OpenInvitation;

/// Lists the open invitations, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn open_invitations(
    db: &impl Sql,
    now: Timestamp,
) -> Result<Vec<OpenInvitation>, DbError> {
    invitations::open(db, now - INVITATION_LASTS).await
}

/// Returns whether an open invitation was sent to an email address, in lower case.
///
/// # Errors
/// When the database fails.
pub async fn invites(db: &impl Sql, address: &str, now: Timestamp) -> Result<bool, DbError> {
    invitations::is_open(db, address, now - INVITATION_LASTS).await
}
