use super::say;
use crate::api::document;

/// Prints the API's description.
pub(super) fn run() {
    say(document::text().trim_end());
}
