use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{Member, members::select_members};
use crate::model::UserId;

/// Returns a person as moderators see them, with the current ban. `None` if the account is closed.
pub async fn member(
    db: &impl Sql,
    person: UserId,
    now: Timestamp,
) -> Result<Option<Member>, DbError> {
    let members = select_members("$2");
    let sql = format!("{members} WHERE u.id = $1 AND NOT u.is_deleted");
    db.one(db.statement(&sql, [person.into(), now.into()])).await
}

/// Returns a person like [`member`], even if they closed their account and it is not erased yet.
///
/// # Errors
/// When the database fails.
pub async fn account(
    db: &impl Sql,
    person: UserId,
    now: Timestamp,
) -> Result<Option<Member>, DbError> {
    let members = select_members("$2");
    let sql = format!(
        "{members} WHERE u.id = $1 AND (NOT u.is_deleted OR u.closed_at IS NOT NULL AND u.erased_at IS NULL)"
    );
    db.one(db.statement(&sql, [person.into(), now.into()])).await
}

/// A ban, or the lifting of one.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct PastBan {
    pub id: Uuid,
    /// When it began, or when the ban was lifted.
    pub created_at: Timestamp,
    pub is_lift: bool,
    pub reason: String,
    pub ends_at: Option<Timestamp>,
    /// The admin's login; absent for an operator.
    #[sea_orm(from_alias = "by_login")]
    pub by: Option<String>,
    /// True if the ban is in force.
    pub is_current: bool,
}

/// Lists a person's bans, newest first, at most `limit`.
pub async fn bans(
    db: &impl Sql,
    person: UserId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<PastBan>, DbError> {
    let sql = "SELECT b.id, b.created_at, b.is_lift, b.reason, b.ends_at, a.login AS by_login, \
               CASE WHEN u.ban_id = b.id AND (b.ends_at IS NULL OR b.ends_at > $2) THEN true ELSE false END AS is_current \
               FROM bans b JOIN users u ON u.id = b.user_id LEFT JOIN users a ON a.id = b.by_id \
               WHERE b.user_id = $1 ORDER BY b.created_at DESC, b.id DESC LIMIT $3";
    db.all(db.statement(sql, [person.into(), now.into(), limit.into()])).await
}
