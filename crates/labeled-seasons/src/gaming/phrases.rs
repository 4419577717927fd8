//! Texts of pull requests and reviews.

use super::{
    themes::Theme,
    vocabulary::{CASES, PAGES},
};
use testkit::{payloads::Verdict, rng::Rng};

/// The kind of an honest change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChangeWork {
    Feature,
    Fix,
    Docs,
    Test,
    Refactor,
    Chore,
    Typo,
}

impl ChangeWork {
    /// Draws a kind as they are distributed in open source.
    pub(super) fn draw(rng: &mut Rng) -> Self {
        match rng.below(100) {
            0..22 => Self::Feature,
            22..52 => Self::Fix,
            52..67 => Self::Docs,
            67..76 => Self::Test,
            76..87 => Self::Refactor,
            87..96 => Self::Chore,
            _ => Self::Typo,
        }
    }

    /// Returns the prefix of conventional commits.
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Self::Feature => "feat",
            Self::Fix => "fix",
            Self::Docs | Self::Typo => "docs",
            Self::Test => "test",
            Self::Refactor => "refactor",
            Self::Chore => "chore",
        }
    }

    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Feature => "enhancement",
            Self::Fix => "bug",
            Self::Docs | Self::Typo => "documentation",
            Self::Test => "tests",
            Self::Refactor => "refactoring",
            Self::Chore => "maintenance",
        }
    }

    fn verbs(self) -> &'static [&'static str] {
        match self {
            Self::Feature => &["Support", "Add", "Allow", "Show", "Expose", "Configure"],
            Self::Fix => &["Fix", "Handle", "Do not lose", "Correct", "Avoid a crash of"],
            Self::Docs => &["Document", "Explain", "Describe", "Add an example of"],
            Self::Test => &["Test", "Cover", "Add tests for"],
            Self::Refactor => &["Simplify", "Extract", "Move", "Split", "Rename"],
            Self::Chore => &["Update the setup of", "Clean up", "Pin tools for"],
            Self::Typo => &["Fix typo in", "Correct spelling in", "Fix a broken link in"],
        }
    }
}

/// Draws a title, and its subject without the prefix.
pub(super) fn title(rng: &mut Rng, theme: &Theme, work: ChangeWork) -> (String, String) {
    let verb = *rng.pick(work.verbs());
    let subject = match work {
        ChangeWork::Docs | ChangeWork::Typo if rng.chance(50) => {
            format!("{verb} the {} page", rng.pick(&PAGES))
        }
        ChangeWork::Typo => format!("{verb} {}", rng.pick(&theme.things)),
        _ if rng.chance(35) => format!("{verb} {}", rng.pick(&theme.things)),
        _ => format!("{verb} {} {}", rng.pick(&theme.things), rng.pick(&CASES)),
    };
    let (prefix, scope) = (work.prefix(), *rng.pick(&theme.scopes));
    let title = match rng.below(10) {
        0..3 => format!("{prefix}({scope}): {}", lower(&subject)),
        3..5 => format!("{prefix}: {}", lower(&subject)),
        5 => format!("[{scope}] {subject}"),
        6 => lower(&subject),
        _ => subject.clone(),
    };
    (title, subject)
}

/// Makes the first character lower case.
pub(super) fn lower(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    format!("{}{rest}", first.to_lowercase())
}

/// Draws a description, which a quarter of pull requests do not have.
pub(super) fn description(rng: &mut Rng, theme: &Theme, subject: &str) -> Option<String> {
    let (thing, case) = (*rng.pick(&theme.things), *rng.pick(&CASES));
    let issue = rng.between(11, 4000);
    let subject = lower(subject);
    match rng.below(8) {
        0 | 1 => None,
        2 => Some(format!("Fixes #{issue}")),
        3 => Some(format!(
            "While working on {thing}, I noticed that this went wrong {case}. This should {subject}. \
             I have tried it locally.\r\n\r\nCloses #{issue}"
        )),
        4 => Some(format!(
            "## Problem\r\nSee #{issue}: {thing} did not work {case}.\r\n\r\n## Solution\r\nThe {} \
             module now decides this once instead of each caller.\r\n\r\n- [x] tests\r\n- [ ] changelog",
            rng.pick(&theme.scopes)
        )),
        5 => Some(format!(
            "This is the change that we discussed in #{issue}. It does not touch {thing}."
        )),
        6 => Some(format!("To {subject}. No change of behavior {case}.")),
        _ => Some(format!(
            "Part of #{issue}.\r\n\r\nBefore: {thing} failed {case}.\r\nAfter: it does not. I am not \
             sure about the name of the new function, suggestions are welcome."
        )),
    }
}

/// Draws the text of a thorough review; many approvals have none.
pub(super) fn review(rng: &mut Rng, theme: &Theme, verdict: Verdict) -> Option<String> {
    let thing = *rng.pick(&theme.things);
    let case = *rng.pick(&CASES);
    let text = match (verdict, rng.below(5)) {
        (Verdict::Approved, 0 | 1) => return None,
        (Verdict::Approved, 2) => String::from("LGTM, thanks!"),
        (Verdict::Approved, 3) => format!("Nice, I checked this with {thing}. Thank you."),
        (Verdict::Approved, _) => String::from("Looks good. I will merge it after the release."),
        (Verdict::ChangesRequested, 0 | 1) => format!("Please add a test for this {case}."),
        (Verdict::ChangesRequested, 2) => format!("This breaks {thing}, see the failing job."),
        (Verdict::ChangesRequested, _) => {
            format!("Could you move this next to {thing}? Two comments below.")
        }
        (_, 0 | 1) => format!("What happens {case}?"),
        (_, 2) => return None,
        _ => format!("A question about {thing}, otherwise this is fine."),
    };
    Some(text)
}

/// Draws the praise by which members of a ring approve.
pub(super) fn praise(rng: &mut Rng) -> Option<String> {
    let texts = ["LGTM", "lgtm 👍", "Great work!", "Nice", "Awesome contribution", ""];
    let text = *rng.pick(&texts);
    (!text.is_empty()).then(|| text.to_owned())
}
