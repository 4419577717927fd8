use std::{collections::BTreeSet, iter};

/// The name of a schedule or a worker. One that was renamed is found by its former name as well, for a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobName {
    pub now: &'static str,
    /// The name in the release before, if it was another.
    pub formerly: Option<&'static str>,
}

impl From<&'static str> for JobName {
    fn from(now: &'static str) -> Self {
        Self { now, formerly: None }
    }
}

impl JobName {
    /// Returns its names, the present one first.
    pub fn all(self) -> impl Iterator<Item = &'static str> {
        iter::once(self.now).chain(self.formerly)
    }

    /// Returns whether a name is the present or the former one.
    #[must_use]
    pub fn is(self, name: &str) -> bool {
        self.all().any(|own| own == name)
    }

    /// Returns whether the present or the former one is among these names.
    #[must_use]
    pub fn is_in(self, names: &BTreeSet<String>) -> bool {
        self.all().any(|own| names.contains(own))
    }

    /// Returns the name that processes of the release before know, too.
    pub(super) fn shared(self) -> &'static str {
        self.formerly.unwrap_or(self.now)
    }
}
