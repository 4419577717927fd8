use kernel::Timestamp;

/// A session, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct Session {
    /// Its ID, which reveals nothing about its token.
    pub id: uuid::Uuid,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When it was last used, to the hour.
    pub last_seen_at: Timestamp,
    pub expires_at: Timestamp,
    /// The browser's user agent.
    pub user_agent: Option<String>,
    /// The network that the sign-in came from.
    pub address_prefix: Option<String>,
    /// True when an app uses it, with access and refresh tokens.
    pub is_program: bool,
}

/// The device of a sign-in.
#[derive(Clone, Debug, Default)]
pub struct Device {
    /// The browser's user agent.
    pub user_agent: Option<String>,
    /// The network that the request came from.
    pub address_prefix: Option<String>,
}
