use ui::Tag;

use crate::rules::State;

/// Returns the tag of a pull request's state.
pub(super) fn state(code: &str) -> Tag {
    let (class, word) = match code {
        "OPEN" => ("t-argent", "Open"),
        "UNDER_REVIEW" => ("t-azure", "Under review"),
        "CHANGES_REQUESTED" => ("t-or", "Changes requested"),
        "APPROVED" => ("t-vert", "Approved"),
        "MERGED" => ("t-vert solid", "Merged"),
        "CLOSED" => ("t-sable", "Closed"),
        _ => ("t-argent", "Unknown"),
    };
    Tag { class, word }
}

/// Returns what happens next with an open pull request, for its author.
pub(super) fn next_step(code: &str) -> &'static str {
    State::from_code(code).map_or("", State::next_step)
}
