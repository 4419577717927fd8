//! Topics of wake-ups that this module raises.

/// Raised when a device signed in that was not seen before; the object is the session.
pub const NEW_DEVICE_CAME: &str = "new_device_came";

/// Raised when somebody was given a role; the object is the person.
pub const ROLE_GRANTED: &str = "role_granted";

/// Raised when somebody made a token; the object is the token.
pub const TOKEN_CREATED: &str = "token_created";

/// Raised when a refresh token came again and ended its family; the object is the family, a session.
pub const REFRESH_REUSED: &str = "refresh_reused";

/// Raised when somebody linked an account elsewhere or unlinked one; the object is the person.
pub const IDENTITY_CHANGED: &str = "identity_changed";

/// Raised when a link to sign in by was asked for; the object is the link.
pub const SIGN_IN_ASKED: &str = "sign_in_asked";

/// Raised when somebody wants to take what is held of them; the object is the export.
pub const EXPORT_ASKED: &str = "export_asked";
