//! Emails of this module.

use kernel::{Timestamp, counted};
use platform::outbox::{Email, EmailTemplate, Frame, Item, Sample};
use uuid::Uuid;

/// The reason of emails that no setting turns off.
const SECURITY: &str = "it is about the security of your account";

/// The next step after a change that a person did not make.
const ELSE: &str = "If this was not you, someone else may have access to your account: end your other sessions, and \
                    contact an admin.";

/// Formats an instant: "1 November 2026 at 08:00 UTC".
fn shown(at: Timestamp) -> String {
    at.format("%-d %B %Y at %H:%M UTC").to_string()
}

/// The email about a sign-in from a new device.
#[derive(Clone, Debug)]
pub struct NewDevice {
    /// The device's name, such as "Firefox on Linux".
    pub device: String,
    pub network: Option<String>,
    /// When the device signed in.
    pub at: Timestamp,
}

impl EmailTemplate for NewDevice {
    fn email(&self, _: Frame<'_>) -> Email {
        let email = Email::new(format!("New sign-in from {}", self.device))
            .heading("New sign-in")
            .says("A device that you did not use before signed in to your account.")
            .fact("Device", &self.device)
            .fact("When", shown(self.at));
        let email = match &self.network {
            Some(network) => email.fact("Network", network),
            None => email,
        };
        email
            .button("Check your sessions", "/settings/sessions")
            .then(
                "If this was you, you do not need to do anything. If it was not, end that session and check your \
                 sign-in methods.",
            )
            .more("Check your sign-in methods", "/settings/identities")
            .because(SECURITY)
    }
}

/// The email about a new token.
#[derive(Clone, Debug)]
pub struct TokenCreated {
    pub name: String,
    /// The token's scopes, such as "read, write".
    pub scopes: String,
    pub expires_at: Timestamp,
}

impl EmailTemplate for TokenCreated {
    fn email(&self, _: Frame<'_>) -> Email {
        Email::new(format!("Token \"{}\" was created", self.name))
            .heading("New token")
            .says("A token was created in your account. Until it expires, anyone who has it can act as you.")
            .fact("Token", &self.name)
            .fact("Scopes", &self.scopes)
            .fact("Expires", self.expires_at.format("%-d %B %Y").to_string())
            .button("Check your tokens", "/settings/tokens")
            .then(
                "If this was you, you do not need to do anything. If it was not, revoke the token and end the \
                 sessions that are not yours.",
            )
            .more("Check your sessions", "/settings/sessions")
            .because(SECURITY)
    }
}

/// The email about a refresh token that was used twice, which ended the app's session.
#[derive(Clone, Debug)]
pub struct RefreshTokenReused {
    /// The device that the session started on, such as "Firefox on Linux".
    pub device: String,
    /// When the session started.
    pub at: Timestamp,
}

impl EmailTemplate for RefreshTokenReused {
    fn email(&self, _: Frame<'_>) -> Email {
        Email::new("We signed out one of your apps")
            .heading("An app was signed out")
            .says(
                "It used a refresh token that had already been used. Someone else may have a copy of the token, so we \
                 signed the app out.",
            )
            .fact("App", &self.device)
            .fact("Signed in", shown(self.at))
            .button("Check your sessions", "/settings/sessions")
            .then("Sign in to the app again, and make sure that it stores its tokens safely.")
            .because(SECURITY)
    }
}

/// The email about a changed role.
#[derive(Clone, Debug)]
pub struct RoleChanged {
    /// The previous role.
    pub before: String,
    pub after: String,
}

impl EmailTemplate for RoleChanged {
    fn email(&self, frame: Frame<'_>) -> Email {
        let (community, Self { before, after }) = (frame.community, self);
        Email::new(format!("You have a new role: {after}"))
            .heading("Your role changed")
            .says(format!("Your role on {community} changed from {before} to {after}."))
            .says("Pages show what you can do now. If you did not expect this change, contact an admin.")
            .button(format!("Open {community}"), "/")
            .because(SECURITY)
    }
}

/// The email about a sign-in method that was added or removed.
#[derive(Clone, Debug)]
pub struct IdentityChanged {
    /// True when it was added, false when it was removed.
    pub is_linked: bool,
    /// The method, such as "GitHub" or "Email".
    pub method: String,
    /// The means to sign in, such as "your GitHub account"; `None` where no one signs in with it.
    pub means: Option<String>,
}

impl EmailTemplate for IdentityChanged {
    fn email(&self, _: Frame<'_>) -> Email {
        let Self { method, means, is_linked } = self;
        let email = match (is_linked, means) {
            (true, Some(means)) => {
                Email::new(format!("{method} was added to your sign-in methods"))
                    .heading("Sign-in method added")
                    .says(format!("You can now sign in with {means}."))
            }
            (false, Some(means)) => {
                Email::new(format!("{method} was removed from your sign-in methods"))
                    .heading("Sign-in method removed")
                    .says(format!(
                        "You can no longer sign in with {means}. Your open sessions continue."
                    ))
            }
            (true, None) => Email::new(format!("Your {method} account was linked"))
                .heading(format!("{method} account linked"))
                .says("Its pull requests count as yours. You sign in as before."),
            (false, None) => Email::new(format!("Your {method} account was unlinked"))
                .heading(format!("{method} account unlinked"))
                .says("It is no longer linked to yours. You sign in as before."),
        };
        email
            .says(ELSE)
            .button("Check your sign-in methods", "/settings/identities")
            .because(SECURITY)
    }
}

/// The email about a second factor that was set up, removed or reset.
#[derive(Clone, Debug)]
pub struct SecondFactorChanged {
    /// The change, such as "removed".
    pub happened: &'static str,
}

impl EmailTemplate for SecondFactorChanged {
    fn email(&self, frame: Frame<'_>) -> Email {
        let happened = self.happened;
        Email::new(format!("Your second factor was {happened}"))
            .heading("Your second factor changed")
            .says(format!("Your second factor on {} was {happened}.", frame.community))
            .says(ELSE)
            .button("Check your second factor", "/settings/second-factor")
            .more("Check your sign-in methods", "/settings/identities")
            .because(SECURITY)
    }
}

/// The email about a connection that GitHub ended.
#[derive(Clone, Debug)]
pub struct GithubDisconnected {
    /// The login of the GitHub account.
    pub login: String,
}

impl EmailTemplate for GithubDisconnected {
    fn email(&self, _: Frame<'_>) -> Email {
        Email::new("GitHub is no longer connected")
            .says(format!("GitHub no longer accepts the connection of your account {}.", self.login))
            .says(
                "Repositories that you registered stay registered, and their webhooks keep working. To register or \
                 remove repositories, connect GitHub again.",
            )
            .button("Connect GitHub", "/settings/identities")
            .then("If you ended the connection yourself, you do not need to do anything.")
            .because(SECURITY)
    }
}

/// The email about a webhook that this server disabled.
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

impl EmailTemplate for WebhookDisabled {
    fn email(&self, frame: Frame<'_>) -> Email {
        let email = Email::new(format!("Your webhook at {} is disabled", self.host))
            .heading("Your webhook is disabled")
            .says(format!("{} no longer sends notifications to it.", frame.community))
            .fact("Webhook", &self.host);
        let email = match self.description.as_str() {
            "" => email,
            description => email.fact("Description", description),
        };
        email
            .fact("Reason", &self.reason)
            .button("Open the webhook", self.link())
            .then("When the receiver works again, enable the webhook there.")
            .because("you set up this webhook")
    }
}

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

impl EmailTemplate for Digest {
    fn email(&self, _: Frame<'_>) -> Email {
        let items = self.lines.iter().map(|line| Item::new(&line.title, &line.link)).collect();
        let first = self.lines.first().map_or("", |line| line.title.as_str());
        let label = match self.more() {
            0 => "Open your notices".to_owned(),
            more => format!("Open {more} more"),
        };
        Email::new(counted(self.count, "new notification", "new notifications"))
            .preview(first)
            .lists(items)
            .button(label, "/inbox")
            .because("your settings send some notices in a daily digest")
    }
}

/// Returns each email with sample data.
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
                means: Some("your GitHub account".to_owned()),
            },
        ),
        Sample::new("second-factor-changed", SecondFactorChanged { happened: "reset by an admin" }),
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
