use super::{Flag, FlagViewer, Flags};

/// The switch that keeps a flag off for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// The environment variable of the flag.
    Variable,
    /// The row of the flag, which is off for everyone.
    Row,
    /// The rollout: the row is on, but the person is not among those who have the flag.
    Rollout,
}

impl Flags {
    /// Returns what keeps a flag off for a person; `None` if it is on.
    #[must_use]
    pub fn hold(&self, flag: &Flag, who: FlagViewer) -> Option<Hold> {
        if !self.is_permitted(flag) {
            return Some(Hold::Variable);
        }
        if self.is_on(flag, who) {
            return None;
        }
        if self.is_enabled(flag) { Some(Hold::Rollout) } else { Some(Hold::Row) }
    }
}
