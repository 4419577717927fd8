use kernel::Timestamp;
use platform::db::{DbError, Query, Sql, Tx, ascii_lower, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{CompetitorId, LinkId, LinkKind, RosterId, RosterRole},
    rules::links::{LinkState, LinkTimes, lifetime},
};

/// An invitation to insert.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewLink<'a> {
    pub(crate) id: LinkId,
    pub(crate) kind: LinkKind,
    pub(crate) digest: &'a str,
    /// The digest of the token in its email.
    pub(crate) mailed_digest: Option<&'a str>,
    pub(crate) roster: Option<RosterId>,
    pub(crate) competitor: Option<CompetitorId>,
    pub(crate) role: Option<RosterRole>,
    pub(crate) email: Option<&'a str>,
    pub(crate) expires_at: Timestamp,
    pub(crate) created_by: Option<Uuid>,
}

/// A stored invitation.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct LinkRow {
    pub(crate) id: Uuid,
    pub(crate) kind: LinkKind,
    pub(crate) roster_id: Option<Uuid>,
    pub(crate) competitor_id: Option<Uuid>,
    pub(crate) role: Option<RosterRole>,
    /// The address that it was sent to.
    pub(crate) email: Option<String>,
    /// The digest of the token in the email.
    pub(crate) mailed_digest: Option<String>,
    /// The person who made it; `None` for an operator.
    pub(crate) created_by_id: Option<Uuid>,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) used_at: Option<Timestamp>,
    pub(crate) revoked_at: Option<Timestamp>,
}

impl LinkRow {
    pub(crate) fn role(&self) -> RosterRole {
        self.role.unwrap_or(RosterRole::Assistant)
    }

    /// Returns whether a parent consented with it, who can withdraw for longer than the link would have lasted.
    pub(crate) fn is_answered(&self) -> bool {
        self.expires_at > self.created_at + lifetime(self.kind)
    }

    /// Returns the state at an instant, as far as the invitation itself decides it.
    pub(crate) fn state(&self, now: Timestamp) -> LinkState {
        let times = LinkTimes {
            expires_at: self.expires_at,
            used_at: self.used_at,
            revoked_at: self.revoked_at,
        };
        LinkState::at(times, now)
    }
}

const COLUMNS: &str = "id, kind, roster_id, competitor_id, role, email, mailed_digest, created_by_id, created_at, \
     expires_at, used_at, revoked_at";

pub(crate) async fn insert(tx: &Tx, new: NewLink<'_>, now: Timestamp) -> Result<(), DbError> {
    let sql = "INSERT INTO ctf_links (id, kind, digest, mailed_digest, roster_id, competitor_id, role, email, \
               expires_at, created_by_id, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let values = [
        new.id.into(),
        new.kind.as_str().into(),
        new.digest.into(),
        new.mailed_digest.into(),
        new.roster.map(|id| id.0).into(),
        new.competitor.map(|id| id.0).into(),
        new.role.map(RosterRole::as_str).into(),
        new.email.into(),
        new.expires_at.into(),
        new.created_by.into(),
        now.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Finds an invitation by the digest of its token, or of the one in its email.
pub(crate) async fn find(db: &impl Sql, digest: &str) -> Result<Option<LinkRow>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM ctf_links WHERE digest = $1 OR mailed_digest = $1");
    db.one(db.statement(&sql, [digest.into()])).await
}

/// Finds an invitation by its ID.
pub(crate) async fn by_id(db: &impl Sql, id: LinkId) -> Result<Option<LinkRow>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM ctf_links WHERE id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// Finds an invitation by the digest of its token, and locks it: of two people who accept it at once, the second sees
/// that it was used.
pub(crate) async fn lock(tx: &Tx, digest: &str) -> Result<Option<LinkRow>, DbError> {
    let Some(found) = find(tx, digest).await? else {
        return Ok(None);
    };
    tx.lock_rows("ctf_links", [found.id]).await?;
    find(tx, digest).await
}

/// Marks an invitation as accepted, and forgets the address that it was sent to.
pub(crate) async fn mark_used(tx: &Tx, id: LinkId, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE ctf_links SET used_at = $1, email = NULL WHERE id = $2 AND used_at IS NULL";
    tx.run(tx.statement(sql, [now.into(), id.into()])).await?;
    Ok(())
}

/// The open invitations to revoke.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LinksOf {
    One(LinkId),
    /// All of a roster and of the competitors on it.
    Roster(RosterId),
    /// All that a person made for a roster or a competitor on it.
    Maker(Uuid, RosterId),
    /// All that a person made as a coach, for all rosters.
    Coach(Uuid),
    /// Links of the same kind, roster, role and address as another one.
    ReplacedBy(LinkId),
    Competitor(CompetitorId),
    RosterKind(RosterId, LinkKind),
    /// Includes the link of a parent who answered.
    CompetitorKind(CompetitorId, LinkKind),
    /// Includes the link of a parent who answered.
    Erased(CompetitorId),
}

/// Selects the competitors on a roster.
fn on_roster(roster: &str) -> String {
    format!("competitor_id IN (SELECT p.id FROM competitors p WHERE p.roster_id = {roster})")
}

impl LinksOf {
    /// Returns whether the link of a parent who consented stays, so that they can withdraw.
    fn spares_answered(self) -> bool {
        !matches!(self, Self::One(_) | Self::CompetitorKind(..) | Self::Erased(_))
    }

    /// Returns the condition that selects them.
    fn condition(self, query: &mut Query) -> String {
        match self {
            Self::One(id) => format!("id = {}", query.bind(id)),
            Self::Roster(roster) => {
                let roster = query.bind(roster);
                format!("(roster_id = {roster} OR {})", on_roster(&roster))
            }
            Self::Maker(person, roster) => {
                let (person, roster) = (query.bind(person), query.bind(roster));
                let is_its = on_roster(&roster);
                format!("created_by_id = {person} AND (roster_id = {roster} OR {is_its})")
            }
            Self::Coach(person) => {
                format!("created_by_id = {} AND kind <> 'coach'", query.bind(person))
            }
            Self::Competitor(id) | Self::Erased(id) => {
                format!("competitor_id = {}", query.bind(id))
            }
            Self::ReplacedBy(id) => {
                let id = query.bind(id);
                let (own, new) = (ascii_lower("ctf_links.email"), ascii_lower("n.email"));
                format!(
                    "id <> {id} AND EXISTS (SELECT 1 FROM ctf_links n WHERE n.id = {id} AND n.kind = ctf_links.kind \
                     AND n.roster_id IS NOT DISTINCT FROM ctf_links.roster_id \
                     AND n.role IS NOT DISTINCT FROM ctf_links.role AND {new} = {own})"
                )
            }
            Self::RosterKind(id, kind) => {
                format!("roster_id = {} AND kind = {}", query.bind(id), query.bind(kind.as_str()))
            }
            Self::CompetitorKind(id, kind) => {
                let id = query.bind(id);
                format!("competitor_id = {id} AND kind = {}", query.bind(kind.as_str()))
            }
        }
    }
}

/// Revokes open invitations, and forgets the addresses that they were sent to; returns their number.
pub(crate) async fn revoke(tx: &Tx, which: LinksOf, now: Timestamp) -> Result<u64, DbError> {
    let mut query = tx.query();
    let condition = which.condition(&mut query);
    let sql = format!(
        "SELECT {COLUMNS} FROM ctf_links WHERE {condition} AND revoked_at IS NULL AND used_at IS NULL"
    );
    let found: Vec<LinkRow> = tx.all(query.statement(sql)).await?;
    let stays = |row: &LinkRow| which.spares_answered() && row.is_answered();
    let open: Vec<Uuid> = found.iter().filter(|row| !stays(row)).map(|row| row.id).collect();
    tx.lock_rows("ctf_links", open.iter().copied()).await?;
    let mut query = tx.query();
    let rows = query.rows(ids(open), "r");
    let now = query.bind(now);
    let sql = format!(
        "UPDATE ctf_links SET revoked_at = {now}, email = NULL WHERE id IN (SELECT r.id FROM {rows}) \
         AND revoked_at IS NULL AND used_at IS NULL"
    );
    tx.run(query.statement(sql)).await
}

/// Counts the links of a kind that were made for a competitor since an instant.
pub(crate) async fn made_since(
    db: &impl Sql,
    id: CompetitorId,
    kind: LinkKind,
    since: Timestamp,
) -> Result<i64, DbError> {
    let sql =
        "SELECT count(*) FROM ctf_links WHERE competitor_id = $1 AND kind = $2 AND created_at > $3";
    let values = [id.into(), kind.as_str().into(), since.into()];
    db.count(db.statement(sql, values)).await
}

/// Lets a link be used until another instant, and forgets the address that it was sent to.
pub(crate) async fn extend(tx: &Tx, id: LinkId, until: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE ctf_links SET expires_at = $1, email = NULL WHERE id = $2";
    tx.run(tx.statement(sql, [until.into(), id.into()])).await?;
    Ok(())
}

/// Lists the links of a competitor, open or not.
pub(crate) async fn of_competitor(tx: &Tx, id: CompetitorId) -> Result<Vec<Uuid>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM ctf_links WHERE competitor_id = $1");
    let rows: Vec<LinkRow> = tx.all(tx.statement(&sql, [id.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Counts the invitations with an address that a person made since an instant.
pub(crate) async fn mailed_since(
    db: &impl Sql,
    person: Uuid,
    since: Timestamp,
) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM ctf_links WHERE created_by_id = $1 AND created_at > $2 \
               AND kind IN ('coach', 'roster')";
    db.count(db.statement(sql, [person.into(), since.into()])).await
}

/// Forgets the addresses of invitations that expired before an instant; returns their number.
pub(crate) async fn forget_addresses(tx: &Tx, before: Timestamp) -> Result<u64, DbError> {
    let sql = "UPDATE ctf_links SET email = NULL WHERE email IS NOT NULL AND expires_at < $1";
    tx.run(tx.statement(sql, [before.into()])).await
}

/// Forgets an address, and revokes what was sent to it: without it, everyone with the link could accept. A parent who was asked for
/// consent can still answer.
pub(crate) async fn forget_address(tx: &Tx, address: &str, now: Timestamp) -> Result<(), DbError> {
    let sql = format!(
        "UPDATE ctf_links SET email = NULL, revoked_at = CASE WHEN kind = 'consent' THEN revoked_at \
         ELSE coalesce(revoked_at, $2) END WHERE {} = $1",
        ascii_lower("email")
    );
    tx.run(tx.statement(&sql, [address.to_ascii_lowercase().into(), now.into()])).await?;
    Ok(())
}

/// Returns whether a parent of a competitor was asked for consent at the address on record, or gave it.
pub(crate) async fn was_parent_asked(db: &impl Sql, id: CompetitorId) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM ctf_links WHERE competitor_id = $1 AND kind = 'consent'";
    Ok(db.count(db.statement(sql, [id.into()])).await? > 0)
}
