use kernel::Points;
use notifications::model::{NewsKind, NewsMode};
use platform::outbox::{Email, EmailTemplate, Frame, Sample};

use crate::{REWARDS, model::RedemptionStatus};

pub const REWARD_REDEMPTION: NewsKind = NewsKind {
    code: "reward_redemption",
    title: "Your redeemed rewards",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: Some(REWARDS),
};

/// A redemption that waits for the owner of the reward.
pub const REWARD_OVERDUE: NewsKind = NewsKind {
    code: "reward_overdue",
    title: "Rewards that people wait for",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: Some(REWARDS),
};

/// The email about a redemption.
#[derive(Clone, Debug)]
pub struct RewardNews {
    /// The sentence that says what happened.
    pub sentence: String,
    /// The sentence that says what comes next.
    pub details: String,
    /// The path of the page.
    pub link: &'static str,
    reason: &'static str,
}

impl EmailTemplate for RewardNews {
    fn email(&self, _: Frame<'_>) -> Email {
        Email::new(&self.sentence)
            .says(&self.details)
            .button("Open the rewards", self.link)
            .because(self.reason)
    }
}

impl RewardNews {
    /// Creates the email about a status.
    #[must_use]
    pub fn changed(reward: &str, status: RedemptionStatus, cost: Points) -> Self {
        let (sentence, details) = match status {
            RedemptionStatus::Requested => (
                format!("You redeemed {reward}"),
                format!("It cost {cost} points. You can cancel it until it is approved."),
            ),
            RedemptionStatus::Approved => (
                format!("{reward} is approved"),
                "You get an email when it is on its way.".to_owned(),
            ),
            RedemptionStatus::Fulfilled => (
                format!("{reward} is on its way"),
                "If it has a code, your rewards show it now.".to_owned(),
            ),
            RedemptionStatus::Delivered => (
                format!("{reward} is delivered"),
                "If you do not have it, write to the organizers.".to_owned(),
            ),
            RedemptionStatus::Canceled => {
                (format!("{reward} is canceled"), format!("You have the {cost} points back."))
            }
        };
        Self { sentence, details, link: "/rewards/redemptions", reason: "you redeemed this reward" }
    }

    /// Creates the reminder for the owner of a reward.
    #[must_use]
    pub fn overdue(reward: &str, login: &str) -> Self {
        Self {
            sentence: format!("{login} waits for {reward}"),
            details: "The reward was redeemed more than seven days ago. Ask an admin to fulfill or cancel it."
                .to_owned(),
            link: "/rewards",
            reason: "you own this reward",
        }
    }
}

/// Returns each email with sample data.
pub(super) fn samples() -> Vec<Sample> {
    let changed = RewardNews::changed("Low <Tide> mug", RedemptionStatus::Fulfilled, 120);
    let overdue = RewardNews::overdue("Low <Tide> mug", "ada-lovelace");
    vec![
        Sample::new("reward-changed", changed).optional(),
        Sample::new("reward-overdue", overdue).optional(),
    ]
}
