use std::marker::PhantomData;

/// The kind of a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagKind {
    /// A feature that people see. When off, its pages respond with 404 and its links are hidden.
    Feature,
    /// Calls to an outside service, which are forbidden when off.
    Outgoing,
}

impl FlagKind {
    /// Returns the name of the kind.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Feature => "feature",
            Self::Outgoing => "outgoing",
        }
    }
}

/// A feature flag, declared where it is used.
#[derive(Debug, PartialEq, Eq)]
pub struct Flag {
    /// Its name, such as `live_updates`.
    pub name: &'static str,
    /// Its kind.
    pub kind: FlagKind,
    /// The environment variable that can turn it off: `ENABLE_LIVE_UPDATES`.
    pub variable: &'static str,
    /// The effect of turning it off, for admins.
    pub description: &'static str,
}

/// A type for calls to an outside service. A client that takes a [`Permit`] of it cannot be called without
/// checking the flag.
pub trait Outgoing {
    /// The flag that turns the calls off.
    const FLAG: &'static Flag;
}

/// Permission to call an outside service, granted only by [`crate::flags::Flags::permit`].
#[derive(Debug)]
pub struct Permit<F: Outgoing>(PhantomData<F>);

impl<F: Outgoing> Permit<F> {
    pub(super) fn given() -> Self {
        Self(PhantomData)
    }
}
