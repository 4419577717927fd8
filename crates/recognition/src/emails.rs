//! The kinds of notifications about badges, and their emails. `guildhall` sends them, because this module does not know
//! notifications.

use platform::{
    module::{NewsKind, NewsMode},
    outbox::{Email, EmailTemplate, Frame, Sample},
};

/// A badge that a person earned just now, or got from an admin.
pub const BADGE_EARNED: NewsKind = NewsKind {
    code: "badge_earned",
    title: "New badges",
    is_security: false,
    mail: NewsMode::Digest,
    is_pushed: true,
    flag: None,
};

/// Badges for contributions of earlier days. Whoever wants emails about them can turn them on.
pub const BADGES_EARNED_EARLIER: NewsKind = NewsKind {
    code: "badges_found",
    title: "Badges for earlier contributions",
    is_security: false,
    mail: NewsMode::Off,
    is_pushed: false,
    flag: None,
};

pub const BADGE_REVOKED: NewsKind = NewsKind {
    code: "badge_revoked",
    title: "Revoked badges",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: None,
};

/// The kinds of this module.
pub(crate) const KINDS: &[NewsKind] = &[BADGE_EARNED, BADGES_EARNED_EARLIER, BADGE_REVOKED];

/// The reason of the emails.
const OWN: &str = "it is about a badge of yours";

/// Returns the path of a badge's page.
fn page_of(slug: &str) -> String {
    format!("/badges/{slug}")
}

/// The email about a new badge.
#[derive(Clone, Debug)]
pub struct BadgeEarned {
    pub name: String,
    pub slug: String,
    /// A sentence about the badge.
    pub description: String,
    /// The reason of the admin who awarded it; empty if it was earned by its criteria.
    pub reason: String,
}

impl EmailTemplate for BadgeEarned {
    fn email(&self, _: Frame<'_>) -> Email {
        let email = Email::new(format!("New badge: {}", self.name)).heading(&self.name);
        let (description, link) = (&self.description, page_of(&self.slug));
        let email = match self.reason.as_str() {
            "" => email.says("You earned this badge.").says(description),
            reason => {
                let awarded = email.says("An admin awarded you this badge.").says(description);
                awarded.fact("Reason", reason)
            }
        };
        email.button("See the badge", link).because(OWN)
    }
}

/// The email about badges for contributions of earlier days.
#[derive(Clone, Copy, Debug)]
pub struct BadgesFound {
    /// The number of badges.
    pub count: i64,
}

impl BadgesFound {
    /// Returns the number in words, such as "1 badge" or "3 badges".
    #[must_use]
    pub fn badges(&self) -> String {
        kernel::counted(self.count, "badge", "badges")
    }
}

impl EmailTemplate for BadgesFound {
    fn email(&self, _: Frame<'_>) -> Email {
        let badges = self.badges();
        Email::new(format!("{badges} for earlier contributions"))
            .heading(&badges)
            .says(format!("You earned {badges} with contributions of earlier days."))
            .button("See your badges", "/")
            .because(OWN)
    }
}

/// The email about a revoked badge.
#[derive(Clone, Debug)]
pub struct BadgeRevoked {
    pub name: String,
    pub slug: String,
    pub reason: String,
}

impl EmailTemplate for BadgeRevoked {
    fn email(&self, _: Frame<'_>) -> Email {
        Email::new(format!("Badge revoked: {}", self.name))
            .says(format!("You no longer have the badge \"{}\".", self.name))
            .fact("Reason", &self.reason)
            .button("See the badge", page_of(&self.slug))
            .because(OWN)
    }
}

/// Returns each email with sample data.
#[must_use]
pub fn samples() -> Vec<Sample> {
    let earned = BadgeEarned {
        name: "Ten <merged>".to_owned(),
        slug: "ten-merges".to_owned(),
        description: "10 merged pull requests.".to_owned(),
        reason: String::new(),
    };
    let awarded = BadgeEarned {
        name: "Helping hand".to_owned(),
        slug: "helping-hand".to_owned(),
        description: "For people who help others.".to_owned(),
        reason: "For the workshop in October".to_owned(),
    };
    let revoked = BadgeRevoked {
        name: "Ten <merged>".to_owned(),
        slug: "ten-merges".to_owned(),
        reason: "The contributions that earned it were spam or disqualified.".to_owned(),
    };
    vec![
        Sample::new("badge-earned", earned).optional(),
        Sample::new("badge-awarded", awarded).optional(),
        Sample::new("badges-found", BadgesFound { count: 3 }).optional(),
        Sample::new("badge-revoked", revoked).optional(),
    ]
}
