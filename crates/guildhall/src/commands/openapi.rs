use super::say;
use crate::{MODULES, api::document::Description};

/// Prints the API's description.
pub(super) fn run() {
    say(Description::of(MODULES).text().trim_end());
}
