use ui::Tag;

use crate::rules::State;

/// Returns the tag of a pull request's state.
pub(super) fn state(state: State) -> Tag {
    let (class, word) = match state {
        State::Open => ("t-argent", "Open"),
        State::UnderReview => ("t-azure", "Under review"),
        State::ChangesRequested => ("t-or", "Changes requested"),
        State::Approved => ("t-vert", "Approved"),
        State::Merged => ("t-vert solid", "Merged"),
        State::Closed => ("t-sable", "Closed"),
    };
    Tag { class, word }
}
