use std::marker::PhantomData;

/// What a flag switches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagKind {
    /// Something people see: off, its addresses answer 404 and its links are gone.
    Feature,
    /// Calls to somebody outside: off, none leaves.
    Outgoing,
}

impl FlagKind {
    /// As told.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Feature => "feature",
            Self::Outgoing => "outgoing",
        }
    }
}

/// A switch, declared where it is used.
#[derive(Debug, PartialEq, Eq)]
pub struct Flag {
    /// Its name in the table: `live_updates`.
    pub name: &'static str,
    /// What it switches.
    pub kind: FlagKind,
    /// The environment's variable that may forbid it: `ENABLE_LIVE_UPDATES`.
    pub variable: &'static str,
    /// What is gone when it is off, for admins.
    pub description: &'static str,
}

/// Calls to somebody outside, as a type: a gateway that takes a [`Permit`] of it cannot be called
/// without having asked.
pub trait Outgoing {
    /// Their switch.
    const FLAG: &'static Flag;
}

/// Leave for a call to somebody outside, given by [`crate::flags::Flags::permit`] alone.
#[derive(Debug)]
pub struct Permit<F: Outgoing>(PhantomData<F>);

impl<F: Outgoing> Permit<F> {
    pub(super) fn given() -> Self {
        Self(PhantomData)
    }
}
