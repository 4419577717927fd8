use platform::outbox::{Email, EmailTemplate, Frame};

/// The email that invites a person without an account to the community.
#[derive(Clone, Debug)]
pub struct Invited {
    /// The name or the login of the admin who invites.
    pub by: String,
    /// The address that is invited.
    pub address: String,
    /// The URL that creates the account.
    pub link: String,
    /// The community's description; may be empty.
    pub description: String,
    /// The path of the page that the person continues to; "/" for the home page.
    pub to: String,
    /// The number of days that the invitation is open.
    pub days: i64,
}

impl EmailTemplate for Invited {
    fn email(&self, frame: Frame<'_>) -> Email {
        let Self { by, address, link, description, to, days } = self;
        let next = match to.as_str() {
            "/" => String::new(),
            page => format!("After joining, you continue to {}.", frame.address(page)),
        };
        Email::new(format!("You are invited to {}", frame.community))
            .preview(format!("{by} invites you"))
            .says(format!(
                "{by} invites you to {}. The button creates your account with the address {address} and signs you in.",
                frame.community
            ))
            .says(description.as_str())
            .says(next)
            .button(format!("Join {}", frame.community), link)
            .then(format!(
                "It works once, for {days} days. Do not forward this email: whoever opens the link can join as you. If \
                 you did not expect it, ignore it. No account is created."
            ))
            .because(format!("{by} invited this address"))
    }
}
