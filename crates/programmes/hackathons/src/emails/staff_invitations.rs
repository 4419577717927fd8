//! The email that invites a person to the staff of a hackathon, who may have no account.

use platform::outbox::{Email, EmailTemplate, Frame, Sample};

use crate::model::StaffRole;

/// The email with an invitation to the staff of a hackathon.
#[derive(Clone, Debug)]
pub struct StaffInvited {
    /// The title of the hackathon; absent if it looks like an address that a reader could follow.
    pub hackathon: Option<String>,
    pub role: StaffRole,
    pub link: String,
    /// The number of days that the link lasts.
    pub days: i64,
}

impl StaffInvited {
    /// Returns the sentence that says what the person is invited to.
    #[must_use]
    pub fn sentence(&self) -> String {
        let hackathon = self.hackathon.as_deref().unwrap_or("a hackathon");
        match self.role {
            StaffRole::Organizer => format!("You are invited to organize {hackathon}"),
            StaffRole::Judge => format!("You are invited to judge {hackathon}"),
            StaffRole::Mentor => format!("You are invited to be a mentor at {hackathon}"),
        }
    }
}

impl EmailTemplate for StaffInvited {
    fn email(&self, frame: Frame<'_>) -> Email {
        Email::new(self.sentence())
            .says(format!(
                "The button shows what you accept, and signs you in to {} with this email address. You need no other \
                 account.",
                frame.community
            ))
            .button("See the invitation", &self.link)
            .then(format!(
                "The invitation works once, for {} days; after a week, you sign in with this address first. Do not \
                 forward this email. If you did not expect it, ignore it.",
                self.days
            ))
            .because("an organizer invited this address")
    }
}

/// Returns each invitation with sample data.
pub(super) fn samples() -> Vec<Sample> {
    let judge = StaffInvited {
        hackathon: Some("Low <Tide> Hack".to_owned()),
        role: StaffRole::Judge,
        link: "https://guild.example/hackathon-invitations/0123456789abcdef".to_owned(),
        days: 30,
    };
    let mentor = StaffInvited { hackathon: None, role: StaffRole::Mentor, ..judge.clone() };
    vec![
        Sample::new("staff-invitation", judge),
        Sample::new("staff-invitation-without-title", mentor),
    ]
}
