//! The kinds of notifications about badges, and their e-mails. `guildhall` sends them, because this module does not know
//! notifications.

use platform::{
    email_template,
    module::{NewsKind, NewsMode},
    outbox::Sample,
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

/// Badges for contributions of earlier days. Whoever wants e-mails about them can turn them on.
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

/// The e-mail about a new badge.
#[derive(Clone, Debug)]
pub struct BadgeEarned {
    pub name: String,
    pub slug: String,
    /// A sentence about the badge.
    pub description: String,
    /// The reason of the admin who awarded it; empty if it was earned by its criteria.
    pub reason: String,
}

email_template!(BadgeEarned, "badge_earned.txt", "badge_earned.html");

/// The e-mail about badges for contributions of earlier days.
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

email_template!(BadgesFound, "badges_found.txt", "badges_found.html");

/// The e-mail about a revoked badge.
#[derive(Clone, Debug)]
pub struct BadgeRevoked {
    pub name: String,
    pub slug: String,
    pub reason: String,
}

email_template!(BadgeRevoked, "badge_revoked.txt", "badge_revoked.html");

/// Returns each e-mail with sample data.
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
        reason: "What it was earned with turned out to be spam, or was disqualified.".to_owned(),
    };
    vec![
        Sample::new("badge-earned", earned).optional(),
        Sample::new("badge-awarded", awarded).optional(),
        Sample::new("badges-found", BadgesFound { count: 3 }).optional(),
        Sample::new("badge-revoked", revoked).optional(),
    ]
}
