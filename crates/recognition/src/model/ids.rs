use kernel::Id;

/// A badge: `badges.id`.
pub type BadgeId = Id<marker::Badge>;

/// Uninhabited types that mark the kinds of rows.
pub mod marker {
    /// Marks a [`BadgeId`](super::BadgeId).
    #[derive(Debug)]
    pub enum Badge {}
}
