//! E-mails of the module.

use kernel::Timestamp;
use platform::{email_template, outbox::Sample};

/// The e-mail with a link that verifies an address.
#[derive(Clone, Debug)]
pub struct VerifyEmail {
    /// The login of the person who added the address.
    pub login: String,
    pub link: String,
}

email_template!(VerifyEmail, "verify_email.txt", "verify_email.html");

/// The e-mail with a sign-in link.
#[derive(Clone, Debug)]
pub struct SignInLink {
    /// The login of the person who signs in.
    pub login: String,
    pub link: String,
}

email_template!(SignInLink, "sign_in_link.txt", "sign_in_link.html");

/// The e-mail with a link that creates the account of an invited person.
#[derive(Clone, Debug)]
pub struct AccountLink {
    pub link: String,
}

email_template!(AccountLink, "account_link.txt", "account_link.html");

/// The e-mail that notifies an address of its replacement or removal.
#[derive(Clone, Debug)]
pub struct EmailChanged {
    /// The login of the person whose address was replaced or removed.
    pub login: String,
}

email_template!(EmailChanged, "email_changed.txt", "email_changed.html");

/// The e-mail that confirms a closed account.
#[derive(Clone, Debug)]
pub struct AccountClosed {
    /// The person's login.
    pub login: String,
    /// When the account can no longer be restored.
    pub until: Timestamp,
}

email_template!(AccountClosed, "account_closed.txt", "account_closed.html");

/// Returns each e-mail with sample data.
#[must_use]
pub fn samples() -> Vec<Sample> {
    let login = || "wren-oak".to_owned();
    let link = "https://guild.example/settings/email/verify?token=guildhall_email_0123";
    vec![
        Sample::new("verify-email", VerifyEmail { login: login(), link: link.to_owned() }),
        Sample::new(
            "sign-in-link",
            SignInLink {
                login: login(),
                link: "https://guild.example/sign-in/email/guildhall_link_0123".to_owned(),
            },
        ),
        Sample::new(
            "account-link",
            AccountLink {
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
