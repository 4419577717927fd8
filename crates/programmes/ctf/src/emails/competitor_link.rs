use platform::{email_template, outbox::Sample};

/// The e-mail with the link to complete a profile, or the link with which a parent consents.
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

email_template!(CompetitorLink, "ctf_competitor_link.txt", "ctf_competitor_link.html");

/// Returns each e-mail with sample data.
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
