use crate::flags::Flag;

/// A program of a community, which admins turn on or off in the setup.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// The flag that hides all of it when off.
    pub flag: &'static Flag,
    pub title: &'static str,
    /// A sentence about what people do in it.
    pub says: &'static str,
    /// The file name of its picture, without the extension.
    pub picture: &'static str,
}
