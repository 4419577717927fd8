use identity::model::UserId;
use kernel::Timestamp;
use sea_orm::FromQueryResult;

/// A pull request that would close an issue, as GitHub states it with the issue.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct LinkedPull {
    /// `owner/name#number`.
    pub name: String,
    /// True while it is open.
    pub is_open: bool,
    /// GitHub's ID of the author; absent for a deleted account.
    pub author_github_id: Option<i64>,
    pub merged_at: Option<Timestamp>,
    /// When something last happened to it.
    pub active_at: Timestamp,
}

/// A pull request that would close an issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosingPull {
    /// `owner/name#number`.
    pub name: String,
    /// True while it is open.
    pub is_open: bool,
    /// The author, if they are known here.
    pub author: Option<UserId>,
    pub merged_at: Option<Timestamp>,
    /// When something last happened to it.
    pub active_at: Timestamp,
}
