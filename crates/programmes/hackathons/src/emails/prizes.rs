use notifications::model::{NewsKind, NewsMode};
use platform::outbox::{Email, EmailTemplate, Frame, Sample};

use crate::{FLAG, model::PrizeState};

/// The state of a prize that a person won.
pub const HACKATHON_PRIZE: NewsKind = NewsKind {
    code: "hackathon_prize",
    title: "Prizes that you won",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: Some(FLAG),
};

/// A prize that the organizers have not handed over.
pub const PRIZE_OVERDUE: NewsKind = NewsKind {
    code: "prize_overdue",
    title: "Prizes that winners wait for",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: Some(FLAG),
};

/// The email about a prize.
#[derive(Clone, Debug)]
pub struct PrizeNews {
    /// The sentence that says what happened.
    pub sentence: String,
    /// The sentence that says what comes next.
    pub details: String,
    /// The path of the page.
    pub link: String,
    /// The label of the button.
    action: &'static str,
    reason: String,
}

impl EmailTemplate for PrizeNews {
    fn email(&self, _: Frame<'_>) -> Email {
        Email::new(&self.sentence)
            .says(&self.details)
            .button(self.action, &self.link)
            .because(&self.reason)
    }
}

impl PrizeNews {
    /// Creates the email about the state of a prize, for its winners; `None` for a claim, which one of them made.
    #[must_use]
    pub fn changed(
        prize: &str,
        hackathon: &str,
        state: PrizeState,
        reason: Option<&str>,
        slug: &str,
    ) -> Option<Self> {
        let (sentence, details) = match state {
            PrizeState::Claimed => return None,
            PrizeState::Awarded => (
                format!("You won {prize} at {hackathon}"),
                "Claim it: enter where the organizers hand it over. One claim is enough for a team."
                    .to_owned(),
            ),
            PrizeState::Sent => (
                format!("{prize} is on its way"),
                format!("The organizers of {hackathon} sent it."),
            ),
            PrizeState::Received => (
                format!("{prize} is handed over"),
                format!("If you do not have it, write to the organizers of {hackathon}."),
            ),
            PrizeState::Forfeited => (
                format!("{prize} is forfeited"),
                match reason {
                    Some(reason) => format!("Reason: {reason}"),
                    None => "The organizers gave no reason.".to_owned(),
                },
            ),
        };
        let is_open = state == PrizeState::Awarded;
        Some(Self {
            sentence,
            details,
            link: format!("/hackathons/{slug}/own-prizes"),
            action: if is_open { "Claim the prize" } else { "See the prize" },
            reason: format!("you won it at {hackathon}"),
        })
    }

    /// Creates the reminder for the organizers.
    #[must_use]
    pub fn overdue(prize: &str, hackathon: &str, team: &str, slug: &str) -> Self {
        Self {
            sentence: format!("{team} waits for {prize}"),
            details: format!(
                "The results of {hackathon} are older than seven days. Send the prize, or mark it as forfeited."
            ),
            link: format!("/hackathons/{slug}/prize-awards"),
            action: "Open the prizes",
            reason: format!("you organize {hackathon}"),
        }
    }
}

/// Returns each email with sample data.
pub(super) fn samples() -> Vec<Sample> {
    let (prize, hackathon) = ("Harbor <prize>", "Low <Tide> Hack");
    let slug = "low-tide-hack";
    let awarded = PrizeNews::changed(prize, hackathon, PrizeState::Awarded, None, slug);
    let overdue = PrizeNews::overdue(prize, hackathon, "Gannet", slug);
    let mut samples = vec![Sample::new("prize-overdue", overdue).optional()];
    samples.extend(awarded.map(|awarded| Sample::new("prize-awarded", awarded).optional()));
    samples
}
