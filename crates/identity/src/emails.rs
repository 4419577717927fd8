//! Emails of the module.

mod invited;
mod test_email;

pub use invited::Invited;
pub use test_email::TestEmail;

use kernel::Timestamp;
use platform::outbox::{Email, EmailTemplate, Frame, Sample};

/// The email with a link that verifies an address.
#[derive(Clone, Debug)]
pub struct VerifyEmail {
    /// The login of the person who added the address.
    pub login: String,
    pub link: String,
}

impl EmailTemplate for VerifyEmail {
    fn email(&self, frame: Frame<'_>) -> Email {
        let Self { login, link } = self;
        Email::new(format!("Verify your email address, {login}"))
            .heading("Verify your email address")
            .preview("The link works once, for 15 minutes")
            .says(format!(
                "{login} added this address on {}. If this was you, open the link in the same browser within \
                 15 minutes. It works once.",
                frame.community
            ))
            .button("Verify this address", link)
            .then("If this was not you, ignore this email. The address will not be used.")
            .because(format!("your address was entered on {}", frame.community))
    }
}

/// The email with a sign-in link.
#[derive(Clone, Debug)]
pub struct SignInLink {
    /// The login of the person who signs in.
    pub login: String,
    pub link: String,
    /// The code that can be typed instead.
    pub code: String,
}

impl EmailTemplate for SignInLink {
    fn email(&self, frame: Frame<'_>) -> Email {
        let login = &self.login;
        let email = Email::new(format!("Sign in as {login}"))
            .heading("Your link to sign in")
            .preview("The link works once, for 15 minutes")
            .says(format!(
                "It signs you in to {} as {login}. It works once, within 15 minutes, in the browser where you asked \
                 for it.",
                frame.community
            ))
            .button(format!("Sign in to {}", frame.community), &self.link);
        with_code(email, frame, &self.link, &self.code)
    }
}

/// The email with a link that creates the account of an invited person.
#[derive(Clone, Debug)]
pub struct AccountLink {
    pub link: String,
    /// The code that can be typed instead.
    pub code: String,
}

impl EmailTemplate for AccountLink {
    fn email(&self, frame: Frame<'_>) -> Email {
        let email = Email::new("Create your account")
            .preview("The link works once, for 15 minutes")
            .says(format!(
                "You are invited to {}. The link creates your account and signs you in. It works once, within 15 \
                 minutes, in the browser where you asked for it.",
                frame.community
            ))
            .button("Create account", &self.link);
        with_code(email, frame, &self.link, &self.code)
    }
}

/// Adds the code of a link, and the way to end both.
fn with_code(email: Email, frame: Frame<'_>, link: &str, code: &str) -> Email {
    email
        .code("Or type this code", code)
        .then("Do not share the code or the link.")
        .more("I did not ask for this", format!("{link}/not-me"))
        .because(format!("this address was entered to sign in to {}", frame.community))
}

/// The email that notifies an address of its replacement or removal.
#[derive(Clone, Debug)]
pub struct EmailChanged {
    /// The login of the person whose address was replaced or removed.
    pub login: String,
}

impl EmailTemplate for EmailChanged {
    fn email(&self, frame: Frame<'_>) -> Email {
        let Self { login } = self;
        Email::new(format!("The email address of {login} was changed"))
            .heading("Your email address changed")
            .says(format!(
                "The email address of {login} on {} was replaced or removed. We no longer send email to this address, \
                 and it can no longer be used to sign in.",
                frame.community
            ))
            .says("If this was not you, sign in, end all other sessions, and verify your own address again.")
            .button("Check your sessions", "/settings/sessions")
            .more("Verify your address again", "/settings/email")
            .because(format!("this was the address of {login} until now"))
    }
}

/// The email that confirms a closed account.
#[derive(Clone, Debug)]
pub struct AccountClosed {
    /// The person's login.
    pub login: String,
    /// When the account can no longer be restored.
    pub until: Timestamp,
}

impl EmailTemplate for AccountClosed {
    fn email(&self, frame: Frame<'_>) -> Email {
        let (login, until) = (&self.login, self.until.format("%-d %B %Y"));
        Email::new("Your account is closed")
            .says(format!(
                "The profile of {login} is hidden, its sessions have ended, and its tokens are revoked."
            ))
            .says(format!(
                "To restore the account, sign in before {until}. After that, your data is permanently erased."
            ))
            .button("Restore the account", "/sign-in")
            .then("If you did not close it, sign in now.")
            .because(format!("you had an account on {}", frame.community))
    }
}

/// Returns each email with sample data.
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
                code: "K7WM 4RXT".to_owned(),
            },
        ),
        Sample::new(
            "account-link",
            AccountLink {
                link: "https://guild.example/sign-in/email/guildhall_link_0123".to_owned(),
                code: "K7WM 4RXT".to_owned(),
            },
        ),
        Sample::new(
            "invited",
            Invited {
                by: "Wren Oak".to_owned(),
                address: "marit@harbor.example".to_owned(),
                link: "https://guild.example/invitations/guildhall_invitation_0123".to_owned(),
                description: "We repair boats and software.".to_owned(),
                to: "/seasons/autumn".to_owned(),
                days: 30,
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
        Sample::new("test-email", TestEmail { login: login(), link: Some(link.to_owned()) }),
    ]
}
