use kernel::{Points, Timestamp};

use super::{AccountKind, IdentityId, UserId};

/// A person and one of their identities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonIdentity {
    pub user_id: UserId,
    /// The account at the provider.
    pub identity_id: IdentityId,
}

/// A person, as shown on pages.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct Person {
    pub id: uuid::Uuid,
    /// The login, as used in URLs.
    pub login: String,
    pub avatar_url: Option<String>,
    /// The kind; `user` while it is unknown.
    pub kind: AccountKind,
    /// The sum of the ledger entries, without redemptions.
    pub total_points: Points,
    /// When the account was first seen.
    pub created_at: Timestamp,
}
