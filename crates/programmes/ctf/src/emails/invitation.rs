use platform::outbox::{Email, EmailTemplate, Frame, Sample};

use crate::model::RosterRole;

/// The email that invites a person to become a coach, or to share a roster.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// The roster; absent for an invitation to become a coach.
    pub roster: Option<String>,
    pub role: Option<RosterRole>,
    pub link: String,
    /// The number of days that the link lasts.
    pub days: i64,
}

impl Invitation {
    /// Returns the sentence that says what the person is invited to.
    #[must_use]
    pub fn sentence(&self) -> String {
        match (&self.roster, self.role) {
            (Some(roster), Some(RosterRole::Assistant)) => {
                format!("You are invited to assist the coaches of {roster}")
            }
            (Some(roster), _) => format!("You are invited to coach {roster}"),
            (None, _) => "You are invited to become a coach".to_owned(),
        }
    }
}

impl EmailTemplate for Invitation {
    fn email(&self, frame: Frame<'_>) -> Email {
        let (community, days) = (frame.community, self.days);
        let says = match self.roster {
            Some(_) => "Only approved coaches can accept.".to_owned(),
            None => format!("Coaches manage rosters of CTF teams on {community}."),
        };
        Email::new(self.sentence())
            .says(format!("{says} The button signs you in to {community} with this email address."))
            .button("See the invitation", &self.link)
            .then(format!(
                "The link works once, for {days} days; after a week, you sign in with this address first. Do not forward \
                 this email. If you did not expect it, ignore it."
            ))
            .because("an admin or a coach invited this address")
    }
}

/// Returns each invitation with sample data.
pub(super) fn samples() -> [Sample; 2] {
    let link = "https://guild.example/ctf/links/0123456789abcdef";
    let coach = Invitation { roster: None, role: None, link: link.to_owned(), days: 30 };
    let roster = Invitation {
        roster: Some("Harbor <Owls>".to_owned()),
        role: Some(RosterRole::Assistant),
        ..coach.clone()
    };
    [Sample::new("ctf-coach-invitation", coach), Sample::new("ctf-roster-invitation", roster)]
}
