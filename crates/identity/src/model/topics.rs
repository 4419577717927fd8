//! Topics of wake-ups that this module raises.

/// Raised by a sign-in with a new device; the object is the session.
pub const NEW_DEVICE_CAME: &str = "new_device_came";

/// Raised when a person gets a role; the object is the person.
pub const ROLE_GRANTED: &str = "role_granted";

/// Raised when a second factor is set up, removed or reset; the object is the person.
pub const SECOND_FACTOR_CHANGED: &str = "second_factor_changed";

/// Raised when a person is banned; the object is the person. What they let others do ends.
pub const PERSON_BANNED: &str = "person_banned";

/// Raised when a person gets a lower role; the object is the person.
pub const ROLE_LOWERED: &str = "role_lowered";

/// Raised when a person creates a token; the object is the token.
pub const TOKEN_CREATED: &str = "token_created";

/// Raised when a refresh token is used again, which ends its family; the object is the family's session.
pub const REFRESH_REUSED: &str = "refresh_reused";

/// Raised when a person links or unlinks an account; the object is the person.
pub const IDENTITY_CHANGED: &str = "identity_changed";

/// Raised when an account is linked to another person, or split off again; the object is the person who had it before.
/// Points and other results of the account's activity move with it. Roles, bans and maintainers do not.
pub const ACCOUNT_MOVED: &str = "account_moved";

/// Raised when a sign-in link is requested; the object is the link.
pub const SIGN_IN_ASKED: &str = "sign_in_asked";

/// Raised when a person requests an export; the object is the export.
pub const EXPORT_ASKED: &str = "export_asked";

/// Raised when a person is banned or no longer banned, or closes or restores their account; the object is the person.
pub const LISTING_CHANGED: &str = "listing_changed";

/// Raised when a person closes their account; the object is the person.
pub const ACCOUNT_CLOSED: &str = "account_closed";

/// Raised when GitHub no longer accepts a person's token; the object is the token.
pub const GITHUB_TOKEN_REVOKED: &str = "github_token_revoked";

/// Raised when the avatar of a person's account on GitHub is to become their picture; the object is the person.
pub const AVATAR_ASKED: &str = "avatar_asked";
