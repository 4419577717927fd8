use kernel::Id;

/// A person: `users.id`.
pub type UserId = Id<marker::User>;

/// One account of a person at a provider: `user_identities.id`.
pub type IdentityId = Id<marker::Identity>;

/// Uninhabited types that mark the kinds of rows.
pub mod marker {
    /// Marks a [`UserId`](super::UserId).
    #[derive(Debug)]
    pub enum User {}
    /// Marks an [`IdentityId`](super::IdentityId).
    #[derive(Debug)]
    pub enum Identity {}
}
