//! Statements for invitations to the staff that are sent by email.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Query, Sql, Tx, ascii_lower, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{HackathonId, StaffInvitationId, StaffRole},
    rules::staff_invitations::InvitationTimes,
};

/// An invitation to insert.
pub(crate) struct NewInvitation<'a> {
    pub(crate) id: StaffInvitationId,
    pub(crate) hackathon: HackathonId,
    pub(crate) role: StaffRole,
    pub(crate) address: &'a str,
    pub(crate) digest: &'a str,
    pub(crate) invited_by: Option<Uuid>,
    pub(crate) expires_at: Timestamp,
}

/// A stored invitation.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct InvitationRow {
    pub(crate) id: Uuid,
    pub(crate) hackathon_id: Uuid,
    pub(crate) role: StaffRole,
    /// The address that it was sent to; forgotten once it has ended.
    pub(crate) address: Option<String>,
    /// The person who sent it; `None` for an operator.
    pub(crate) invited_by_id: Option<Uuid>,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) accepted_at: Option<Timestamp>,
    pub(crate) revoked_at: Option<Timestamp>,
}

impl InvitationRow {
    pub(crate) fn times(&self) -> InvitationTimes {
        InvitationTimes {
            expires_at: self.expires_at,
            accepted_at: self.accepted_at,
            revoked_at: self.revoked_at,
        }
    }
}

const COLUMNS: &str = "i.id, i.hackathon_id, i.role, i.address, i.invited_by_id, i.created_at, i.expires_at, \
     i.accepted_at, i.revoked_at";

/// The condition of invitations that were neither accepted nor revoked.
const UNANSWERED: &str = "i.accepted_at IS NULL AND i.revoked_at IS NULL";

pub(crate) async fn insert(tx: &Tx, new: NewInvitation<'_>, now: Timestamp) -> Result<(), DbError> {
    let sql = "INSERT INTO staff_invitations (id, created_at, hackathon_id, role, address, digest, \
               invited_by_id, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = [
        new.id.into(),
        now.into(),
        new.hackathon.into(),
        new.role.as_str().into(),
        new.address.into(),
        new.digest.into(),
        new.invited_by.into(),
        new.expires_at.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Finds an invitation by the digest of its token.
pub(crate) async fn find(db: &impl Sql, digest: &str) -> Result<Option<InvitationRow>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM staff_invitations i WHERE i.digest = $1");
    db.one(db.statement(&sql, [digest.into()])).await
}

/// Finds an invitation of a hackathon by its ID.
pub(crate) async fn by_id(
    db: &impl Sql,
    hackathon: HackathonId,
    id: StaffInvitationId,
) -> Result<Option<InvitationRow>, DbError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM staff_invitations i WHERE i.id = $1 AND i.hackathon_id = $2"
    );
    db.one(db.statement(&sql, [id.into(), hackathon.into()])).await
}

/// Lists the unanswered invitations of a hackathon that have not expired, in the order in which they were sent.
pub(crate) async fn open(
    db: &impl Sql,
    hackathon: HackathonId,
    now: Timestamp,
) -> Result<Vec<InvitationRow>, DbError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM staff_invitations i \
         WHERE i.hackathon_id = $1 AND {UNANSWERED} AND i.expires_at > $2 ORDER BY i.id"
    );
    db.all(db.statement(&sql, [hackathon.into(), now.into()])).await
}

/// Lists the unanswered invitations to an address, in lower case, that have not expired.
pub(crate) async fn open_to(
    db: &impl Sql,
    address: &str,
    now: Timestamp,
) -> Result<Vec<InvitationRow>, DbError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM staff_invitations i \
         WHERE {} = $1 AND {UNANSWERED} AND i.expires_at > $2 ORDER BY i.id",
        ascii_lower("i.address")
    );
    db.all(db.statement(&sql, [address.into(), now.into()])).await
}

/// The unanswered invitations to revoke.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Revoked<'a> {
    One(StaffInvitationId),
    /// Invitations of a hackathon to an address.
    SentTo(HackathonId, &'a str),
    /// Invitations of a hackathon that a person sent.
    SentBy(HackathonId, UserId),
    /// Invitations of all hackathons that a person sent.
    AllBy(UserId),
    /// Invitations of all hackathons to an address.
    AllTo(&'a str),
}

impl Revoked<'_> {
    /// Returns the condition that selects them.
    fn condition(self, query: &mut Query) -> String {
        let own = ascii_lower("i.address");
        match self {
            Self::One(id) => format!("i.id = {}", query.bind(id)),
            Self::SentTo(hackathon, address) => {
                let hackathon = query.bind(hackathon);
                let address = query.bind(address.to_ascii_lowercase());
                format!("i.hackathon_id = {hackathon} AND {own} = {address}")
            }
            Self::SentBy(hackathon, person) => {
                let (hackathon, person) = (query.bind(hackathon), query.bind(person));
                format!("i.hackathon_id = {hackathon} AND i.invited_by_id = {person}")
            }
            Self::AllBy(person) => format!("i.invited_by_id = {}", query.bind(person)),
            Self::AllTo(address) => {
                format!("{own} = {}", query.bind(address.to_ascii_lowercase()))
            }
        }
    }
}

/// Revokes unanswered invitations, and forgets the addresses that they were sent to. Returns their IDs.
pub(crate) async fn revoke(
    tx: &Tx,
    which: Revoked<'_>,
    now: Timestamp,
) -> Result<Vec<Uuid>, DbError> {
    let mut query = tx.query();
    let condition = which.condition(&mut query);
    let sql =
        format!("SELECT {COLUMNS} FROM staff_invitations i WHERE {condition} AND {UNANSWERED}");
    let found: Vec<InvitationRow> = tx.all(query.statement(sql)).await?;
    let open: Vec<Uuid> = found.into_iter().map(|row| row.id).collect();
    tx.lock_rows("staff_invitations", open.iter().copied()).await?;
    let mut query = tx.query();
    let rows = query.rows(ids(open.iter().copied()), "r");
    let now = query.bind(now);
    let sql = format!(
        "UPDATE staff_invitations SET revoked_at = {now}, address = NULL \
         WHERE id IN (SELECT r.id FROM {rows}) AND accepted_at IS NULL AND revoked_at IS NULL"
    );
    tx.run(query.statement(sql)).await?;
    Ok(open)
}

/// Marks an invitation as accepted, and forgets its address: the account has one of its own. Returns false if it was answered
/// meanwhile.
pub(crate) async fn accept(
    tx: &Tx,
    id: StaffInvitationId,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "UPDATE staff_invitations SET accepted_at = $1, address = NULL \
               WHERE id = $2 AND accepted_at IS NULL AND revoked_at IS NULL";
    Ok(tx.run(tx.statement(sql, [now.into(), id.into()])).await? > 0)
}

/// Forgets the addresses of invitations that expired before an instant. Returns their number.
pub(crate) async fn forget_expired(tx: &Tx, before: Timestamp) -> Result<u64, DbError> {
    let sql =
        "UPDATE staff_invitations SET address = NULL WHERE address IS NOT NULL AND expires_at < $1";
    tx.run(tx.statement(sql, [before.into()])).await
}

/// Forgets who sent the invitations of a person, all of which have ended.
pub(crate) async fn forget_sender(tx: &Tx, person: UserId) -> Result<(), DbError> {
    let sql = "UPDATE staff_invitations SET invited_by_id = NULL WHERE invited_by_id = $1";
    tx.run(tx.statement(sql, [person.into()])).await?;
    Ok(())
}
