use platform::{
    db::{DbError, Tx},
    outbox,
};
use uuid::Uuid;

use crate::{model::UserId, store::invitations};

/// The kind of the emails with invitations.
pub(super) const MAIL: &str = "invitation";

/// Deletes an invitation and the email with it; returns whether there was one.
pub(super) async fn end_invitation(tx: &Tx, id: Uuid) -> Result<bool, DbError> {
    outbox::forget_about(tx, MAIL, [id]).await?;
    invitations::remove(tx, id).await
}

/// Deletes the invitation to an address and the email with it: the address has an account now.
pub(super) async fn end_invitation_to(tx: &Tx, address: &str) -> Result<(), DbError> {
    let address = address.to_ascii_lowercase();
    outbox::forget_to(tx, MAIL, &address).await?;
    invitations::remove_to(tx, &address).await
}

/// Erases a person from the invitations in the caller's transaction: those that they sent and those to their own address end.
pub(super) async fn erase_invitations(tx: &Tx, person: UserId) -> Result<(), DbError> {
    for id in invitations::about(tx, person).await? {
        end_invitation(tx, id).await?;
    }
    Ok(())
}
