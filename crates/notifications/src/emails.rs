//! Letters of this module.

use kernel::Timestamp;
use platform::{email_template, outbox::Sample};

/// A new device signed in as somebody.
#[derive(Clone, Debug)]
pub struct NewDevice {
    /// What it is: "Firefox on Linux".
    pub device: String,
    /// The network it is in.
    pub network: Option<String>,
    /// When.
    pub at: Timestamp,
}

email_template!(NewDevice, "new_device.txt", "new_device.html");

/// A token was made that acts for somebody.
#[derive(Clone, Debug)]
pub struct TokenMade {
    /// What it is for.
    pub name: String,
    /// What it may do: "read, write".
    pub scopes: String,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

email_template!(TokenMade, "token_made.txt", "token_made.html");

/// A program's sign-in was used by two and is ended.
#[derive(Clone, Debug)]
pub struct SignInCopied {
    /// Where it was begun: "Firefox on Linux".
    pub device: String,
    /// When it was begun.
    pub at: Timestamp,
}

email_template!(SignInCopied, "sign_in_copied.txt", "sign_in_copied.html");

/// Somebody's role changed.
#[derive(Clone, Debug)]
pub struct RoleChanged {
    /// What they were.
    pub before: String,
    /// What they are.
    pub after: String,
}

email_template!(RoleChanged, "role_changed.txt", "role_changed.html");

/// A way in was added or removed.
#[derive(Clone, Debug)]
pub struct IdentityChanged {
    /// Whether it was added.
    pub is_linked: bool,
    /// Whose account it is: "GitHub".
    pub provider: String,
}

email_template!(
    IdentityChanged,
    "identity_changed.txt",
    "identity_changed.html"
);

/// A line of a summary.
#[derive(Clone, Debug)]
pub struct Line {
    /// What it says.
    pub title: String,
    /// The page it is about: a path.
    pub link: String,
}

/// The news of a day.
#[derive(Clone, Debug)]
pub struct Digest {
    /// How much there is.
    pub count: usize,
    /// The first of it.
    pub lines: Vec<Line>,
}

impl Digest {
    /// How much there is beside what is listed.
    #[must_use]
    pub fn more(&self) -> usize {
        self.count.saturating_sub(self.lines.len())
    }
}

email_template!(Digest, "digest.txt", "digest.html");

/// One of each, as somebody might get it.
#[must_use]
pub fn samples() -> Vec<Sample> {
    let line = |title: &str, link: &str| Line {
        title: title.to_owned(),
        link: link.to_owned(),
    };
    vec![
        Sample::new(
            "new-device",
            NewDevice {
                device: "Firefox on Linux".to_owned(),
                network: Some("192.0.2.0/24".to_owned()),
                at: Timestamp::UNIX_EPOCH + chrono::TimeDelta::days(20_000),
            },
        ),
        Sample::new(
            "token-made",
            TokenMade {
                name: "Nightly report".to_owned(),
                scopes: "read, write".to_owned(),
                expires_at: Timestamp::UNIX_EPOCH + chrono::TimeDelta::days(20_366),
            },
        ),
        Sample::new(
            "sign-in-copied",
            SignInCopied {
                device: "Firefox on Linux".to_owned(),
                at: Timestamp::UNIX_EPOCH + chrono::TimeDelta::days(20_000),
            },
        ),
        Sample::new(
            "role-changed",
            RoleChanged {
                before: "user".to_owned(),
                after: "moderator".to_owned(),
            },
        ),
        Sample::new(
            "identity-changed",
            IdentityChanged {
                is_linked: true,
                provider: "GitHub".to_owned(),
            },
        ),
        Sample::new(
            "digest",
            Digest {
                count: 3,
                lines: vec![
                    line(
                        "60 points for 'Keep lanterns lit'",
                        "/pull-requests/octo-org/lantern/1",
                    ),
                    line("You look after Lantern now", "/projects/lantern"),
                ],
            },
        ),
    ]
}
