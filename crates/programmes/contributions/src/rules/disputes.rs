//! Disputes: until when something can be contested, who may decide, and the bounds of texts.

use chrono::TimeDelta;
use identity::model::Role;
use kernel::{Problem, ProblemKind, Timestamp};
use uuid::Uuid;

use crate::model::{DisputeKind, DisputeState};

/// The time in which something can be contested, and a decision appealed.
const WINDOW: TimeDelta = TimeDelta::days(14);

/// The time in which a dispute or an appeal is to be decided.
const TARGET: TimeDelta = TimeDelta::days(14);

/// The maximum number of characters of a text in a thread.
pub const LONGEST_TEXT: usize = 5_000;

/// The maximum number of entries of a thread, after which only decisions and the appeal are added.
pub const MOST_MESSAGES: i64 = 100;

/// Returns the last instant at which something from `since` can be contested or appealed.
#[must_use]
pub fn window_ends(since: Timestamp) -> Timestamp {
    since.checked_add_signed(WINDOW).unwrap_or(Timestamp::MAX_UTC)
}

/// Returns the instant by which a dispute or an appeal from `at` is to be decided.
#[must_use]
pub fn due(at: Timestamp) -> Timestamp {
    at.checked_add_signed(TARGET).unwrap_or(Timestamp::MAX_UTC)
}

/// Returns whether a decision leaves something to appeal. A granted flag, sanction or ban is undone as a whole; points may
/// be set to a value that the person does not agree with.
#[must_use]
pub fn is_appealable(kind: DisputeKind, state: DisputeState) -> bool {
    match state {
        DisputeState::Open | DisputeState::Closed => false,
        DisputeState::Upheld => true,
        DisputeState::Granted => kind == DisputeKind::Score,
    }
}

/// The step of a dispute that is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisputeStage {
    Dispute,
    Appeal,
}

/// A person's part in what a dispute is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Involvement {
    /// The person opened the dispute.
    pub has_opened: bool,
    /// The person is the author, or one of the people that the flag, the sanction or the ban concerns.
    pub is_concerned: bool,
    /// The person maintains a project of the pull requests.
    pub maintains: bool,
    /// The person reviewed, rated, marked or merged the pull request.
    pub has_reviewed: bool,
    /// The person reported what led to the flag or the sanction.
    pub has_reported: bool,
    /// The person decided on the flag, imposed the sanction or the ban, overrode the points, or decided on a flag on the
    /// pull request.
    pub has_decided: bool,
    /// The person decided the dispute that is appealed.
    pub has_decided_dispute: bool,
}

/// The reason why a person may not decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecisionBar {
    /// Only moderators and admins decide disputes, and only admins appeals.
    Role,
    /// It is the person's own.
    Own,
    /// The person maintains the project.
    Maintains,
    /// The person reviewed the pull request.
    Reviewed,
    /// The person's report led to it.
    Reported,
    /// The decision is the person's own.
    Decided,
    /// The person decided the dispute in the first place.
    DecidedDispute,
}

impl DecisionBar {
    /// Returns the error for the person.
    #[must_use]
    pub fn problem(self, stage: DisputeStage) -> Problem {
        let detail = self.sentence(stage);
        match self {
            Self::Role => Problem::new(ProblemKind::Forbidden, "ROLE_REQUIRED", detail),
            Self::Own => Problem::new(ProblemKind::Forbidden, "OWN_DISPUTE", detail),
            _ => Problem::new(ProblemKind::Forbidden, "DISPUTE_INVOLVED", detail),
        }
    }

    #[must_use]
    pub const fn sentence(self, stage: DisputeStage) -> &'static str {
        match (self, stage) {
            (Self::Role, DisputeStage::Dispute) => "Only moderators and admins decide disputes.",
            (Self::Role, DisputeStage::Appeal) => "Only admins decide appeals. Ask an admin.",
            (Self::Own, _) => "It concerns you, so someone else has to decide.",
            (Self::Maintains, _) => {
                "You maintain a project that it is about, so someone else has to decide."
            }
            (Self::Reviewed, _) => {
                "You reviewed or merged the pull request, so someone else has to decide."
            }
            (Self::Reported, _) => "You reported it, so someone else has to decide.",
            (Self::Decided, _) => {
                "You made a decision that it is about, so someone else has to decide."
            }
            (Self::DecidedDispute, _) => {
                "You decided the dispute, so another admin has to decide the appeal."
            }
        }
    }
}

/// Returns the first reason why a person with a role may not decide; `None` if they may.
#[must_use]
pub fn bar(stage: DisputeStage, role: Role, involvement: Involvement) -> Option<DecisionBar> {
    let least = match stage {
        DisputeStage::Dispute => Role::Moderator,
        DisputeStage::Appeal => Role::Admin,
    };
    [
        (role < least, DecisionBar::Role),
        (involvement.has_opened, DecisionBar::Own),
        (involvement.is_concerned, DecisionBar::Own),
        (involvement.maintains, DecisionBar::Maintains),
        (involvement.has_reviewed, DecisionBar::Reviewed),
        (involvement.has_reported, DecisionBar::Reported),
        (involvement.has_decided, DecisionBar::Decided),
        (
            stage == DisputeStage::Appeal && involvement.has_decided_dispute,
            DecisionBar::DecidedDispute,
        ),
    ]
    .into_iter()
    .find_map(|(applies, bar)| applies.then_some(bar))
}

/// Trims a text of a thread, and checks its length.
///
/// # Errors
/// When it is empty or longer than 5,000 characters.
pub fn text(typed: &str) -> Result<String, Problem> {
    let text = typed.trim().replace("\r\n", "\n");
    let length = text.chars().count();
    if length == 0 {
        let detail = "Enter a text. Everyone who can see the dispute can read it.";
        return Err(Problem::new(ProblemKind::Invalid, "DISPUTE_TEXT_REQUIRED", detail).at("text"));
    }
    if length > LONGEST_TEXT {
        let detail =
            format!("The text has {length} characters. Shorten it to {LONGEST_TEXT} or fewer.");
        return Err(Problem::new(ProblemKind::Invalid, "DISPUTE_TEXT_TOO_LONG", detail).at("text"));
    }
    Ok(text)
}

/// The thing that a person contests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DisputeTarget {
    Pull {
        /// `owner/name` of its repository.
        full_name: String,
        number: i64,
    },
    Flag(i64),
    Sanction(Uuid),
    Ban(Uuid),
}

impl DisputeTarget {
    /// Reads the target of a kind: `octo-org/lantern#7`, `F-12`, or the ID of a sanction or a ban.
    ///
    /// # Errors
    /// When the text has another form.
    pub fn read(kind: DisputeKind, text: &str) -> Result<Self, Problem> {
        let read = match kind {
            DisputeKind::Score => pull(text),
            DisputeKind::Flag => numbered("F-", text).map(Self::Flag),
            DisputeKind::Sanction => Uuid::try_parse(text).ok().map(Self::Sanction),
            DisputeKind::Ban => Uuid::try_parse(text).ok().map(Self::Ban),
        };
        read.ok_or_else(|| {
            let form = match kind {
                DisputeKind::Score => "a pull request such as octo-org/lantern#7",
                DisputeKind::Flag => "a flag such as F-12",
                DisputeKind::Sanction => "the ID of a sanction",
                DisputeKind::Ban => "the ID of a ban",
            };
            let detail = format!("'{text}' is not {form}. See /me/standing.");
            Problem::new(ProblemKind::Invalid, "BAD_DISPUTE", detail).at("target")
        })
    }
}

fn pull(text: &str) -> Option<DisputeTarget> {
    let (full_name, number) = text.rsplit_once('#')?;
    Some(DisputeTarget::Pull { full_name: full_name.to_owned(), number: numbered("", number)? })
}

/// Reads a positive number after a prefix, such as "D-12".
#[must_use]
pub fn numbered(prefix: &str, text: &str) -> Option<i64> {
    let digits = text.strip_prefix(prefix)?;
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.parse().ok().filter(|number| *number > 0);
    number.filter(|_| is_plain)
}
