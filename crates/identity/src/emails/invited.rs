use platform::outbox::{Email, EmailTemplate, Frame};

/// The email that invites a person without an account to the community.
#[derive(Clone, Debug)]
pub struct Invited {
    /// The login of the admin who invites.
    pub by: String,
    /// The address that is invited.
    pub address: String,
    /// The page where people sign in.
    pub link: String,
    /// The number of days that the invitation is open.
    pub days: i64,
}

impl EmailTemplate for Invited {
    fn email(&self, frame: Frame<'_>) -> Email {
        let Self { by, address, link, days } = self;
        Email::new(format!("You are invited to {}", frame.community))
            .preview(format!("{by} invites you"))
            .says(format!(
                "{by} invites you to {}. Enter {address} on the page to sign in: we email you a link that creates your \
                 account. You can do so for {days} days.",
                frame.community
            ))
            .button("Go to the page", link)
            .then("If you did not expect this, ignore it. No account is created.")
            .because(format!("{by} invited this address"))
    }
}
