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
