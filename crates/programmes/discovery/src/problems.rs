//! The codes of this module's problems.

use platform::module::ProblemCode;

/// The codes, with their meanings and next steps.
#[rustfmt::skip]
pub(crate) const PROBLEMS: &[ProblemCode] = &[
    ProblemCode::new("ACCOUNT_CLOSED", "the account was closed while the request was processed", "Restore the account first."),
    ProblemCode::new("ALREADY_CLAIMED", "the person works on the issue already, or is in its queue", "See your claims."),
    ProblemCode::new("ALREADY_WATCHED", "the person watches the repository or topic already", "See your watches."),
    ProblemCode::new("BAD_FEEDBACK", "the feedback about an issue is unknown", "Use one of the buttons of the page."),
    ProblemCode::new("BAD_OUTCOME", "the hours or a rating of a claim are not valid", "Correct the field that the response names."),
    ProblemCode::new("BAD_PREFERENCE", "a preference is not valid", "Correct the field that the response names."),
    ProblemCode::new("BAD_REASON", "the reason for dismissing an issue is unknown", "Send one of the reasons of the documentation."),
    ProblemCode::new("BAD_WATCH", "the repository or topic to watch has no valid name", "Name it as on GitHub: OWNER/NAME, or a topic."),
    ProblemCode::new("CLAIM_LIMIT", "the person works on as many issues as one person can", "Complete or release one of them first."),
    ProblemCode::new("CLAIM_NOT_ENDED", "the claim has not ended, or the person never worked on the issue", "State the outcome after the end."),
    ProblemCode::new("NOT_CLAIMED", "the person has no open claim to the issue", "See your claims."),
    ProblemCode::new("NOT_OPEN", "the issue can no longer be done", "Choose another one."),
    ProblemCode::new("QUEUE_LIMIT", "the person is in as many queues as one person can", "Leave one of them first."),
    ProblemCode::new("SAVED_LIMIT", "the person saved as many issues as one person can", "Remove one of them first."),
    ProblemCode::new("SEARCH_NOT_READY", "the search index is being built", "Try again in a few seconds."),
    ProblemCode::new("TOO_MANY_WATCHES", "the person began as many watches as one can in a day", "Try again later."),
    ProblemCode::new("WATCH_LIMIT", "the person watches as much as one person can", "End a watch first."),
];
