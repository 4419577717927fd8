use std::marker::PhantomData;

/// Kind of a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagKind {
    /// Something people see: off, its addresses answer 404 and its links are gone.
    Feature,
    /// Calls to an outside service, forbidden while it is off.
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
    /// Its kind.
    pub kind: FlagKind,
    /// The environment's variable that may forbid it: `ENABLE_LIVE_UPDATES`.
    pub variable: &'static str,
    /// The effect of switching it off, for admins.
    pub description: &'static str,
}

/// Calls to an outside service, as a type: a gateway that takes a [`Permit`] of it cannot be called
/// without having asked.
pub trait Outgoing {
    /// Their switch.
    const FLAG: &'static Flag;
}

/// Permission for a call to an outside service, given by [`crate::flags::Flags::permit`] alone.
#[derive(Debug)]
pub struct Permit<F: Outgoing>(PhantomData<F>);

impl<F: Outgoing> Permit<F> {
    pub(super) fn given() -> Self {
        Self(PhantomData)
    }
}
