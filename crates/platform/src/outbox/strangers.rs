//! E-mails to addresses that somebody else typed and no account has verified. They are limited, so that no one can use the server to
//! flood a mailbox: `stranger_emails` keeps digests of the addresses for a day.

use chrono::TimeDelta;
use kernel::{Problem, ProblemKind};
use sea_orm_migration::{MigrationTrait, SchemaManager, sea_orm::DbErr};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    Context,
    db::{
        DbError, Sql as _, Tx,
        schema::{bytes, index, optional, table, uuid},
    },
};

/// The most such e-mails to an address in 24 hours.
pub const TO_ADDRESS: i64 = 6;
/// The most that a person causes in 24 hours: two for each member of a large roster.
pub const BY_SENDER: i64 = 200;

crate::migration!(CreateStrangerEmails, "2027_04_22_000002_create_stranger_emails", create);

pub(super) fn migration() -> Box<dyn MigrationTrait> {
    Box::new(CreateStrangerEmails)
}

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut emails = table("stranger_emails");
    emails.col(optional(&uuid("sender_id"))).col(bytes("address_digest"));
    manager.create_table(emails).await?;
    for column in ["sender_id", "address_digest", "created_at"] {
        manager.create_index(index("stranger_emails", &[column])).await?;
    }
    Ok(())
}

/// Counts an e-mail to an address that no account has verified, from the person who causes it. Returns false if it may not be sent.
pub async fn may_write_to(
    tx: &Tx,
    context: &Context,
    sender: Option<Uuid>,
    address: &str,
) -> Result<bool, DbError> {
    // Keeps concurrent requests from each counting too few.
    tx.serialize("outbox.strangers").await?;
    let now = context.now();
    let old = "DELETE FROM stranger_emails WHERE created_at < $1";
    tx.run(tx.statement(old, [(now - TimeDelta::days(1)).into()])).await?;
    let digest = Sha256::digest(address.to_lowercase()).to_vec();
    let to = "SELECT count(*) FROM stranger_emails WHERE address_digest = $1";
    if tx.count(tx.statement(to, [digest.clone().into()])).await? >= TO_ADDRESS {
        return Ok(false);
    }
    if let Some(sender) = sender {
        let by = "SELECT count(*) FROM stranger_emails WHERE sender_id = $1";
        if tx.count(tx.statement(by, [sender.into()])).await? >= BY_SENDER {
            return Ok(false);
        }
    }
    let new = "INSERT INTO stranger_emails (id, created_at, sender_id, address_digest) \
               VALUES ($1, $2, $3, $4)";
    let values = [context.ids.next().into(), now.into(), sender.into(), digest.into()];
    tx.run(tx.statement(new, values)).await?;
    Ok(true)
}

/// The refusal of an e-mail beyond the limits.
#[must_use]
pub fn too_many_emails() -> Problem {
    let detail = format!(
        "At most {TO_ADDRESS} e-mails a day go to an address that no account has verified, and at most {BY_SENDER} from one \
         person. Try again tomorrow, or hand over a link."
    );
    Problem::new(ProblemKind::TooManyRequests, "EMAIL_LIMIT", detail).after(3600)
}
