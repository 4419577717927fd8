use crate::flags::Flag;

/// A step with which a new community begins. Today shows it to admins until it is done.
#[derive(Clone, Copy, Debug)]
pub struct FirstStep {
    pub title: &'static str,
    /// A sentence or two about what it leads to.
    pub says: &'static str,
    /// The label of its button.
    pub action: &'static str,
    /// The path at which it is done.
    pub address: &'static str,
    /// The flag of its program. The step is left out while that is not on for everyone.
    pub flag: Option<&'static Flag>,
    /// The table that has a row once it is done.
    pub table: &'static str,
}
