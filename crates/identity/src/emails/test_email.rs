use platform::outbox::{Email, EmailTemplate, Frame};

/// The email with which an admin tries a mail server.
#[derive(Clone, Debug)]
pub struct TestEmail {
    /// The login of the admin.
    pub login: String,
    /// The link that verifies the address; `None` if it is verified already.
    pub link: Option<String>,
}

impl EmailTemplate for TestEmail {
    fn email(&self, frame: Frame<'_>) -> Email {
        let (login, community) = (&self.login, frame.community);
        let email = Email::new("Your server can send email")
            .says(format!(
                "{login} entered a mail server for {community}. This email came through it."
            ))
            .because(format!("{login} entered your address on {community}"));
        match &self.link {
            Some(link) => email
                .says("The button verifies your address. Open it in the same browser within 15 minutes. It works once.")
                .button("Verify this address", link)
                .then("If this was not you, ignore this email. The address will not be used."),
            None => email.button(format!("Open {community}"), "/"),
        }
    }
}
