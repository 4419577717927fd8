use kernel::Timestamp;

/// A stored setup code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct SetupCode {
    pub id: uuid::Uuid,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
    /// The admin whom it signs in, or the person who became the first admin with it.
    pub user_id: Option<uuid::Uuid>,
}

/// The present purpose of setup codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetupUse {
    /// Its holder becomes the first admin.
    FirstAdmin,
    /// It signs in the admin whom it was made for.
    SignIn,
    /// Nothing: there is an admin, and no code was made for one.
    Nothing,
}
