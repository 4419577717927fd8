use platform::module::Description;

use super::say;
use crate::MODULES;

/// Prints the API's description.
pub(super) fn run() {
    say(Description::of(MODULES).text().trim_end());
}
