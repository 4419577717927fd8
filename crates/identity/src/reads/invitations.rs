//! Invitations to the community.

use kernel::Timestamp;
use platform::db::{DbError, Sql};

use crate::{rules, store::invitations};

pub use crate::store::invitations::{LinkedInvitation, OpenInvitation};

/// Lists the open invitations, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn open_invitations(
    db: &impl Sql,
    now: Timestamp,
) -> Result<Vec<OpenInvitation>, DbError> {
    invitations::open(db, now).await
}

/// Returns whether an open invitation was sent to an email address, in lower case.
///
/// # Errors
/// When the database fails.
pub async fn invites(db: &impl Sql, address: &str, now: Timestamp) -> Result<bool, DbError> {
    invitations::is_open(db, address, now).await
}

/// Returns the open invitation that the token in a link belongs to, unless its address has an account.
///
/// # Errors
/// When the database fails.
pub async fn linked_invitation(
    db: &impl Sql,
    token: &str,
    now: Timestamp,
) -> Result<Option<LinkedInvitation>, DbError> {
    invitations::by_link(db, rules::hash(token), now).await
}
