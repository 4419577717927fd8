//! Emails to addresses that another person typed and no account has verified. They are limited, so that no one can use the server to
//! flood a mailbox: `stranger_emails` keeps digests of the addresses for a day.

mod store;
mod tables;

use chrono::TimeDelta;
use kernel::{Problem, ProblemKind};
use uuid::Uuid;

use crate::{
    ActionError, Context,
    crypto::digest,
    db::{DbError, Tx},
};

pub(super) use tables::migration;

/// The maximum number of such emails to an address in 24 hours.
pub const TO_ADDRESS: i64 = 6;
/// The maximum number that a person causes in 24 hours: two for each member of a large roster.
pub const BY_SENDER: i64 = 200;

/// Counts an email to an address that no account has verified, from the person who causes it. Returns false if it may not be sent.
pub async fn may_write_to(
    tx: &Tx,
    context: &Context,
    sender: Option<Uuid>,
    address: &str,
) -> Result<bool, DbError> {
    // Keeps concurrent requests from each counting too few.
    tx.serialize("outbox.strangers").await?;
    let (now, address) = (context.now(), digest(address.to_lowercase().as_bytes()));
    store::forget(tx, now - TimeDelta::days(1)).await?;
    if store::sent_to(tx, &address).await? >= TO_ADDRESS {
        return Ok(false);
    }
    if let Some(sender) = sender
        && store::sent_by(tx, sender).await? >= BY_SENDER
    {
        return Ok(false);
    }
    store::insert(tx, context.ids.next(), sender, &address, now).await?;
    Ok(true)
}

/// Counts an email like [`may_write_to`].
///
/// # Errors
/// When it may not be sent.
pub async fn count_email_to(
    tx: &Tx,
    context: &Context,
    sender: Option<Uuid>,
    address: &str,
) -> Result<(), ActionError> {
    if may_write_to(tx, context, sender, address).await? {
        return Ok(());
    }
    let detail = format!(
        "At most {TO_ADDRESS} emails a day go to an address that no account has verified, and at most {BY_SENDER} from one \
         person. Try again tomorrow."
    );
    Err(Problem::new(ProblemKind::TooManyRequests, "EMAIL_LIMIT", detail).after(3600).into())
}
