use std::{collections::BTreeSet, marker::PhantomData};

use super::Setting;

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

/// The state of a flag before anyone changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// On for everyone. Its environment variable can turn it off.
    On,
    /// Off for everyone until an admin turns it on. Its environment variable can keep it off.
    Later,
    /// Off until its environment variable is true, and then on for listed people only, until the percentage is raised.
    /// Calls to an outside service with such a flag are made for people who have it ([`crate::flags::Flags::permit_for`]).
    Off,
}

impl Start {
    /// Returns the setting of a flag that no one has changed.
    pub(super) fn setting(self) -> Setting {
        let rollout_percent = match self {
            Self::On | Self::Later => 100,
            Self::Off => 0,
        };
        let enabled = self != Self::Later;
        Setting { enabled, rollout_percent, people: BTreeSet::new(), roles: BTreeSet::new() }
    }
}

/// A feature flag, declared where it is used.
#[derive(Debug, PartialEq, Eq)]
pub struct Flag {
    /// Its name, such as `live_updates`.
    pub name: &'static str,
    pub kind: FlagKind,
    /// The environment variable that can turn it off, such as `ENABLE_LIVE_UPDATES`, or on, if it starts as off. Its name
    /// begins with `ENABLE_` or ends with `_ENABLED`.
    pub variable: &'static str,
    /// Its state before anyone changes it.
    pub start: Start,
    /// The effect of turning it off, for admins.
    pub description: &'static str,
}

impl Flag {
    /// Returns true if the flag can be on for some people and off for others.
    #[must_use]
    pub fn is_gradual(&self) -> bool {
        self.kind == FlagKind::Feature || self.start == Start::Off
    }
}

/// A type for calls to an outside service. A client that takes a [`Permit`] of it cannot be called without
/// checking the flag.
pub trait Outgoing {
    /// The flag that turns the calls off.
    const FLAG: &'static Flag;
}

/// Permission to call an outside service, granted only by [`crate::flags::Flags::permit`] and
/// [`crate::flags::Flags::permit_for`].
#[derive(Debug)]
pub struct Permit<F: Outgoing>(PhantomData<F>);

impl<F: Outgoing> Permit<F> {
    pub(super) fn given() -> Self {
        Self(PhantomData)
    }
}
