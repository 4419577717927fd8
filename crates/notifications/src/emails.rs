//! E-mails of this module.

use kernel::Timestamp;
use platform::{email_template, outbox::Sample};
use uuid::Uuid;

/// The e-mail about a sign-in from a new device.
#[derive(Clone, Debug)]
pub struct NewDevice {
    /// The device's name, such as "Firefox on Linux".
    pub device: String,
    pub network: Option<String>,
    /// When the device signed in.
    pub at: Timestamp,
}

email_template!(NewDevice, "new_device.txt", "new_device.html");

/// The e-mail about a new token.
#[derive(Clone, Debug)]
pub struct TokenCreated {
    pub name: String,
    /// The token's scopes, such as "read, write".
    pub scopes: String,
    pub expires_at: Timestamp,
}

email_template!(TokenCreated, "token_created.txt", "token_created.html");

/// The e-mail about a refresh token that was used twice, which ended the app's session.
#[derive(Clone, Debug)]
pub struct RefreshTokenReused {
    /// The device that the session started on, such as "Firefox on Linux".
    pub device: String,
    /// When the session started.
    pub at: Timestamp,
}

email_template!(RefreshTokenReused, "refresh_token_reused.txt", "refresh_token_reused.html");

/// The e-mail about a changed role.
#[derive(Clone, Debug)]
pub struct RoleChanged {
    /// The previous role.
    pub before: String,
    pub after: String,
}

email_template!(RoleChanged, "role_changed.txt", "role_changed.html");

/// The e-mail about a sign-in method that was added or removed.
#[derive(Clone, Debug)]
pub struct IdentityChanged {
    /// True when it was added, false when it was removed.
    pub is_linked: bool,
    /// The method, such as "GitHub" or "E-mail".
    pub method: String,
    /// The means to sign in, such as "your GitHub account".
    pub means: String,
}

email_template!(IdentityChanged, "identity_changed.txt", "identity_changed.html");

/// The e-mail about a second factor that was set up, removed or reset.
#[derive(Clone, Debug)]
pub struct SecondFactorChanged {
    /// The change, such as "removed".
    pub happened: &'static str,
}

email_template!(SecondFactorChanged, "second_factor_changed.txt", "second_factor_changed.html");

/// The e-mail about a connection that GitHub ended.
#[derive(Clone, Debug)]
pub struct GithubDisconnected {
    /// The login of the GitHub account.
    pub login: String,
}

email_template!(GithubDisconnected, "github_disconnected.txt", "github_disconnected.html");

/// The e-mail about a webhook that this server disabled.
#[derive(Clone, Debug)]
pub struct WebhookDisabled {
    pub id: Uuid,
    /// The host of its URL.
    pub host: String,
    /// Its description, which may be empty.
    pub description: String,
    /// The reason, as a sentence.
    pub reason: String,
}

impl WebhookDisabled {
    /// Returns the path of the webhook's page.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/settings/webhooks/{}", self.id)
    }
}

email_template!(WebhookDisabled, "webhook_disabled.txt", "webhook_disabled.html");

#[derive(Clone, Debug)]
pub struct DigestLine {
    /// The title of the notification.
    pub title: String,
    /// The path of the page it leads to.
    pub link: String,
}

/// The daily digest.
#[derive(Clone, Debug)]
pub struct Digest {
    /// The number of notifications.
    pub count: usize,
    /// The first notifications.
    pub lines: Vec<DigestLine>,
}

impl Digest {
    /// Returns the number of notifications that are not listed.
    #[must_use]
    pub fn more(&self) -> usize {
        self.count.saturating_sub(self.lines.len())
    }
}

email_template!(Digest, "digest.txt", "digest.html");

/// Returns each e-mail with sample data.
#[must_use]
pub fn samples() -> Vec<Sample> {
    let line =
        |title: &str, link: &str| DigestLine { title: title.to_owned(), link: link.to_owned() };
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
            "token-created",
            TokenCreated {
                name: "Nightly report".to_owned(),
                scopes: "read, write".to_owned(),
                expires_at: Timestamp::UNIX_EPOCH + chrono::TimeDelta::days(20_366),
            },
        ),
        Sample::new(
            "refresh-token-reused",
            RefreshTokenReused {
                device: "Firefox on Linux".to_owned(),
                at: Timestamp::UNIX_EPOCH + chrono::TimeDelta::days(20_000),
            },
        ),
        Sample::new(
            "role-changed",
            RoleChanged { before: "user".to_owned(), after: "moderator".to_owned() },
        ),
        Sample::new(
            "identity-changed",
            IdentityChanged {
                is_linked: true,
                method: "GitHub".to_owned(),
                means: "your GitHub account".to_owned(),
            },
        ),
        Sample::new(
            "second-factor-changed",
            SecondFactorChanged { happened: "reset by an administrator" },
        ),
        Sample::new("github-disconnected", GithubDisconnected { login: "wren-oak".to_owned() }),
        Sample::new(
            "webhook-disabled",
            WebhookDisabled {
                id: Uuid::from_u128(7),
                host: "hooks.example".to_owned(),
                description: "Our chat".to_owned(),
                reason: "The receiver accepted nothing for 5 days.".to_owned(),
            },
        )
        .optional(),
        Sample::new(
            "digest",
            Digest {
                count: 3,
                lines: vec![
                    line("60 points for 'Keep lanterns lit'", "/pull-requests/octo-org/lantern/1"),
                    line("You are now a maintainer of Lantern", "/projects/lantern"),
                ],
            },
        )
        .optional(),
    ]
}
