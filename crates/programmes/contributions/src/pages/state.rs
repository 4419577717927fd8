use ui::Tag;

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
    match code {
        "OPEN" => "Waiting for a maintainer’s review.",
        "UNDER_REVIEW" => "A maintainer is reviewing it.",
        "CHANGES_REQUESTED" => "Your turn: make the requested changes and push them.",
        "APPROVED" => "Waiting for a maintainer to merge it.",
        _ => "",
    }
}
