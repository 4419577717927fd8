//! Letters of this module.

use kernel::Timestamp;
use platform::{email_template, outbox::Sample};

/// A link by which somebody proves that an address is theirs.
#[derive(Clone, Debug)]
pub struct VerifyEmail {
    /// Who asked for it.
    pub login: String,
    /// The link.
    pub link: String,
}

email_template!(VerifyEmail, "verify_email.txt", "verify_email.html");

/// A link by which somebody signs in.
#[derive(Clone, Debug)]
pub struct SignInLink {
    /// As whom.
    pub login: String,
    /// The link.
    pub link: String,
}

email_template!(SignInLink, "sign_in_link.txt", "sign_in_link.html");

/// To an address that is no longer a person's.
#[derive(Clone, Debug)]
pub struct EmailChanged {
    /// Whose it was.
    pub login: String,
}

email_template!(EmailChanged, "email_changed.txt", "email_changed.html");

/// To somebody who closed their account.
#[derive(Clone, Debug)]
pub struct AccountClosed {
    /// Who.
    pub login: String,
    /// Until when signing in brings it back.
    pub until: Timestamp,
}

email_template!(AccountClosed, "account_closed.txt", "account_closed.html");

/// One of each, as somebody might get it.
#[must_use]
pub fn samples() -> Vec<Sample> {
    let login = || "wren-oak".to_owned();
    let link = "https://guild.example/settings/email/verify?token=guildhall_email_0123";
    vec![
        Sample::new(
            "verify-email",
            VerifyEmail {
                login: login(),
                link: link.to_owned(),
            },
        ),
        Sample::new(
            "sign-in-link",
            SignInLink {
                login: login(),
                link: "https://guild.example/sign-in/email/guildhall_link_0123".to_owned(),
            },
        ),
        Sample::new("email-changed", EmailChanged { login: login() }),
        Sample::new(
            "account-closed",
            AccountClosed {
                login: login(),
                until: Timestamp::UNIX_EPOCH + chrono::TimeDelta::days(20_030),
            },
        ),
    ]
}
