//! E-mails about claims, and about issues that fit a person.

use kernel::Timestamp;
use notifications::model::{NewsKind, NewsMode};
use platform::{email_template, outbox::Sample};

/// A change of a claim: the person's turn, its end, or a merged pull request.
pub const CLAIM: NewsKind = NewsKind {
    code: "claim",
    title: "Issues that you claimed",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: None,
};

/// The digest of issues that fit a person.
pub const PICKS: NewsKind = NewsKind {
    code: "issue_picks",
    title: "The five issues that fit you best",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: false,
    flag: None,
};

/// A new issue that fits a person and is worth much.
pub const GOOD_MATCH: NewsKind = NewsKind {
    code: "good_match",
    title: "New issues that fit you and are worth much",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: None,
};

/// The kinds of notifications of this module.
pub(crate) const KINDS: &[NewsKind] = &[CLAIM, PICKS, GOOD_MATCH];

/// An issue that fits a person.
#[derive(Clone, Debug)]
pub struct Pick {
    pub title: String,
    /// The repository and the number: `owner/name#number`.
    pub place: String,
    /// The fit, such as "91 %".
    pub percent: String,
    /// The strongest reason.
    pub reason: Option<String>,
    /// The path of its page.
    pub link: String,
}

/// The digest of issues that fit a person.
#[derive(Clone, Debug)]
pub struct Picks {
    /// The issues, at least one.
    pub picks: Vec<Pick>,
}

email_template!(Picks, "issue_picks.txt", "issue_picks.html");

/// The e-mail about a new issue that fits a person and is worth much.
#[derive(Clone, Debug)]
pub struct GoodMatch {
    pub pick: Pick,
}

email_template!(GoodMatch, "good_match.txt", "good_match.html");

/// The e-mail about a claim.
#[derive(Clone, Debug)]
pub struct ClaimNews {
    /// The sentence that says what happened.
    pub sentence: String,
    /// The sentence that says why, or what comes next.
    pub details: String,
}

/// Returns an instant for an e-mail.
fn shown(at: Timestamp) -> String {
    at.format("%-d %B %Y, %H:%M UTC").to_string()
}

impl ClaimNews {
    /// Returns the path of the page.
    #[must_use]
    pub fn link(&self) -> String {
        "/discover/claims".to_owned()
    }

    /// Creates the e-mail to the next person in a queue.
    #[must_use]
    pub fn turn(issue: &str, until: Timestamp) -> Self {
        Self {
            sentence: format!("Your turn: {issue}"),
            details: format!(
                "The issue is yours until {}. An open pull request that closes it gives you more time. Release it if you \
                 no longer want to work on it.",
                shown(until)
            ),
        }
    }

    /// Creates the reminder of the end of a claim.
    #[must_use]
    pub fn ending(issue: &str, until: Timestamp) -> Self {
        Self {
            sentence: format!("Your claim ends soon: {issue}"),
            details: format!(
                "It ends on {}. Open a draft pull request that closes the issue to get more time, or release the issue.",
                shown(until)
            ),
        }
    }

    /// Creates the e-mail about a claim whose time passed.
    #[must_use]
    pub fn expired(issue: &str) -> Self {
        Self {
            sentence: format!("Your claim expired: {issue}"),
            details: "Others can claim the issue now. You can claim it again if it is free."
                .to_owned(),
        }
    }

    /// Creates the e-mail about a claim to an issue that can no longer be done.
    #[must_use]
    pub fn ended(issue: &str, reason: &str) -> Self {
        Self {
            sentence: format!("Your claim ended: {issue}"),
            details: format!("The issue can no longer be done: {reason}."),
        }
    }

    /// Creates the e-mail about a merged pull request.
    #[must_use]
    pub fn completed(issue: &str, pull_request: &str) -> Self {
        Self {
            sentence: format!("Merged: {issue}"),
            details: format!(
                "{pull_request} was merged and closes the issue. How was it? State the hours, the difficulty and what you \
                 learned."
            ),
        }
    }
}

email_template!(ClaimNews, "claim_news.txt", "claim_news.html");

/// Returns each e-mail with sample data.
pub(crate) fn samples() -> Vec<Sample> {
    let (issue, at) = ("octo-org/lantern#12 Sort <stations> by name", Timestamp::default());
    let pick = |title: &str| Pick {
        title: title.to_owned(),
        place: "octo-org/lantern#12".to_owned(),
        percent: "91 %".to_owned(),
        reason: Some("Rust, in 31 of your 34 pull requests".to_owned()),
        link: "/discover/01931b6e-6c00-7000-8000-000000000020".to_owned(),
    };
    let picks = ["Sort <stations> by name", "Report which page failed"].map(pick);
    vec![
        Sample::new("issue-picks", Picks { picks: picks.into() }).optional(),
        Sample::new("good-match", GoodMatch { pick: pick("Sort <stations> by name") }).optional(),
        Sample::new("claim-turn", ClaimNews::turn(issue, at)).optional(),
        Sample::new("claim-ending", ClaimNews::ending(issue, at)).optional(),
        Sample::new("claim-expired", ClaimNews::expired(issue)).optional(),
        Sample::new("claim-ended", ClaimNews::ended(issue, "it is closed")).optional(),
        Sample::new("claim-completed", ClaimNews::completed(issue, "octo-org/lantern#15"))
            .optional(),
    ]
}
