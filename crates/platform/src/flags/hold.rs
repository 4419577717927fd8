use super::{Flag, FlagViewer, Flags};

/// The switch that keeps a flag off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// The environment variable of the flag.
    Variable,
    /// The row of the flag, which is off for everyone.
    Row,
    /// The rollout: the row is on, but none of the people is among those who have the flag.
    Rollout,
}

impl Flags {
    /// Returns what keeps a flag off for all of these people; `None` if it is on for one of them. Without people, it is on only
    /// for everyone.
    #[must_use]
    pub fn hold(&self, flag: &Flag, people: &[FlagViewer]) -> Option<Hold> {
        if !self.is_permitted(flag) {
            return Some(Hold::Variable);
        }
        let seen = self.seen();
        let Some(setting) = self.permitted(&seen, flag).filter(|setting| setting.enabled) else {
            return Some(Hold::Row);
        };
        let is_on =
            setting.is_on_for_everyone() || people.iter().any(|who| setting.is_on(flag.name, *who));
        (!is_on).then_some(Hold::Rollout)
    }
}
