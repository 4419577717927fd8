use kernel::Id;

/// A person: `users.id`.
pub type UserId = Id<marker::User>;

/// One account of a person at a provider: `user_identities.id`.
pub type IdentityId = Id<marker::Identity>;

/// Names of the kinds of rows; no value of them exists.
pub mod marker {
    /// Row of a [`UserId`](super::UserId).
    #[derive(Debug)]
    pub enum User {}
    /// Row of a [`IdentityId`](super::IdentityId).
    #[derive(Debug)]
    pub enum Identity {}
}
