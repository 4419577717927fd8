use platform::flags::{FlagViewer, Flags, Hold, Outgoing as _};

use super::GamePlatformCalls;

/// Returns what keeps the game platform off for all of these people, such as the coaches of a roster, and the next step; `None`
/// if it is on for one of them. Without people, it is on only for everyone.
#[must_use]
pub fn held_back(flags: &Flags, subjects: &[FlagViewer]) -> Option<String> {
    flags.hold(GamePlatformCalls::FLAG, subjects).map(|hold| words(hold).to_owned())
}

/// Returns the words for what keeps the game platform off.
pub(super) const fn words(hold: Hold) -> &'static str {
    match hold {
        Hold::Variable => {
            "The game platform is switched off. Set GAME_PLATFORM_INTEGRATION_ENABLED=true, and restart."
        }
        Hold::Row => {
            "The game platform is switched off by the flag game_platform_integration. An admin can turn it on at \
             /admin/flags."
        }
        Hold::Rollout => {
            "The game platform is not on for this roster yet. An admin can add its coaches to the flag \
             game_platform_integration at /admin/flags, or raise its percentage."
        }
    }
}
