use platform::outbox::{Email, EmailTemplate, Frame, Sample};

/// The email with the link to complete a profile, or the link with which a parent consents.
#[derive(Clone, Debug)]
pub struct CompetitorLink {
    /// True for a parent's consent.
    pub is_consent: bool,
    pub first_name: String,
    pub roster: String,
    /// The school; absent if it looks like an address.
    pub school: Option<String>,
    /// The login of the coach who sent it; absent for an operator.
    pub coach: Option<String>,
    pub link: String,
    /// The number of days that the link lasts.
    pub days: i64,
}

impl EmailTemplate for CompetitorLink {
    fn email(&self, _: Frame<'_>) -> Email {
        let Self { first_name, roster, days, .. } = self;
        let who = |other: &str| match &self.coach {
            Some(coach) => format!("The coach {coach}"),
            None => other.to_owned(),
        };
        let of = self.school.as_ref().map(|school| format!(" of {school}")).unwrap_or_default();
        if self.is_consent {
            let coach = who("A coach");
            Email::new(format!("Your consent for {roster}"))
                .says(format!(
                    "{coach} added {first_name} to the CTF team roster {roster}{of}. Before {first_name} can compete, \
                     a parent has to consent."
                ))
                .says("You can read the full text before you decide.")
                .button("Read the text and consent", &self.link)
                .then(format!(
                    "The link works for {days} days. After you consent, it lets you withdraw for two years. If you \
                     did not expect this email, ignore it."
                ))
                .because(format!("the roster has this address for a parent of {first_name}"))
        } else {
            let coach = who("Your coach");
            Email::new(format!("Complete your profile for {roster}"))
                .says(format!("{coach} added you to the CTF team roster {roster}{of}."))
                .says(
                    "Complete your profile to compete. The page also offers an account with this address, in which you \
                     see your own report card.",
                )
                .button("Complete the profile", &self.link)
                .then(format!(
                    "The link works for {days} days. Do not forward this email. If you did not expect it, ignore it."
                ))
                .because("your coach entered this address for you")
        }
    }
}

/// Returns each email with sample data.
pub(super) fn samples() -> [Sample; 2] {
    let profile = CompetitorLink {
        is_consent: false,
        first_name: "Ada".to_owned(),
        roster: "Harbor <Owls>".to_owned(),
        school: Some("Harbor High".to_owned()),
        coach: Some("marit-s".to_owned()),
        link: "https://guild.example/ctf/links/0123456789abcdef".to_owned(),
        days: 7,
    };
    let consent = CompetitorLink { is_consent: true, ..profile.clone() };
    [Sample::new("ctf-profile-link", profile), Sample::new("ctf-consent-link", consent)]
}
