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
