use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use kernel::{Problem, ProblemKind};
use uuid::Uuid;

use super::{
    Flag, FlagKind, Outgoing, Permit, Setting, Who, rule,
    store::{self, Stored},
};
use crate::{
    Context,
    db::{Db, DbError},
};

/// Between two looks at the rows.
const LOOKS_EVERY: Duration = Duration::from_secs(2);

/// The flags of this server and what is known of their rows; clones share it.
#[derive(Clone, Default)]
pub struct Flags(Arc<Inner>);

#[derive(Default)]
struct Inner {
    declared: Vec<&'static Flag>,
    forbidden: BTreeSet<&'static str>,
    seen: RwLock<Arc<Seen>>,
}

/// The rows at the last look.
#[derive(Debug, Default)]
pub(super) struct Seen {
    rows: BTreeMap<String, Stored>,
}

/// The environment's word for a flag is neither yes nor no.
#[derive(Debug, thiserror::Error)]
#[error("{variable} is '{value}': use true or false; leave it unset to allow the flag")]
pub struct BadSwitch {
    variable: &'static str,
    value: String,
}

/// A flag with its state.
#[derive(Clone, Debug)]
pub struct Known {
    /// The flag.
    pub flag: &'static Flag,
    /// Its row.
    pub id: Uuid,
    /// False when the environment forbids it.
    pub is_permitted: bool,
    /// Its row.
    pub setting: Setting,
}

impl Flags {
    /// The flags that the modules declare, under the environment's word for each.
    ///
    /// # Errors
    /// When that word is neither yes nor no.
    pub fn new(
        declared: Vec<&'static Flag>,
        environment: &BTreeMap<String, String>,
    ) -> Result<Self, BadSwitch> {
        let mut forbidden = BTreeSet::new();
        for flag in &declared {
            let variable = flag.variable;
            match environment.get(variable).map_or("", String::as_str) {
                "" | "true" | "1" => {}
                "false" | "0" => drop(forbidden.insert(flag.name)),
                value => {
                    let value = value.to_owned();
                    return Err(BadSwitch { variable, value });
                }
            }
        }
        Ok(Self(Arc::new(Inner {
            declared,
            forbidden,
            seen: RwLock::default(),
        })))
    }

    /// Gives each flag that has none a row, on for everybody, and reads them all.
    pub async fn seed(&self, context: &Context) -> Result<(), DbError> {
        self.look(&context.db).await?;
        let seen = self.seen();
        let declared = self.0.declared.iter().copied();
        let new: Vec<_> = declared
            .filter(|flag| !seen.rows.contains_key(flag.name))
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        store::seed(context, &new).await?;
        self.look(&context.db).await
    }

    /// Reads the rows anew.
    ///
    /// # Errors
    /// When the database fails; then the flags stay as they were.
    pub async fn look(&self, db: &Db) -> Result<(), DbError> {
        let rows = store::all(db).await?;
        let mut seen = self.0.seen.write().unwrap_or_else(PoisonError::into_inner);
        if seen.rows != rows {
            *seen = Arc::new(Seen { rows });
        }
        Ok(())
    }

    /// Follows the rows, changed by any process, for as long as another holder of these flags exists.
    pub fn follow(&self, db: &Db) {
        let (flags, db) = (Arc::downgrade(&self.0), db.clone());
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOKS_EVERY).await;
                let Some(flags) = flags.upgrade().map(Flags) else {
                    return;
                };
                if let Err(error) = flags.look(&db).await {
                    tracing::warn!(%error, "cannot reload flags; using the last known ones");
                }
            }
        });
    }

    /// The declared flag of a name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&'static Flag> {
        let mut declared = self.0.declared.iter();
        declared.find(|flag| flag.name == name).copied()
    }

    /// Tells whether the environment permits a flag.
    #[must_use]
    pub fn is_permitted(&self, flag: &Flag) -> bool {
        !self.0.forbidden.contains(flag.name)
    }

    /// Every declared flag with its row, as they stand in the database now.
    pub async fn known(&self, db: &Db) -> Result<Vec<Known>, DbError> {
        let mut rows = store::all(db).await?;
        let known = |flag: &&'static Flag| {
            let stored = rows.remove(flag.name)?;
            Some(Known {
                flag,
                id: stored.id,
                is_permitted: self.is_permitted(flag),
                setting: stored.setting,
            })
        };
        Ok(self.0.declared.iter().filter_map(known).collect())
    }

    /// Tells whether a flag is on for a person. One without a row is off.
    #[must_use]
    pub fn is_on(&self, flag: &Flag, who: Who) -> bool {
        self.was_on(&self.seen(), flag, who)
    }

    /// Permission for calls to an outside service.
    ///
    /// # Errors
    /// When they are switched off; says who can switch them on.
    pub fn permit<F: Outgoing>(&self) -> Result<Permit<F>, Problem> {
        debug_assert_eq!(F::FLAG.kind, FlagKind::Outgoing);
        match self.is_on(F::FLAG, Who::default()) {
            true => Ok(Permit::given()),
            false => Err(switched_off(F::FLAG)),
        }
    }

    pub(super) fn declared(&self) -> &[&'static Flag] {
        &self.0.declared
    }

    pub(super) fn seen(&self) -> Arc<Seen> {
        let seen = self.0.seen.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&seen)
    }

    pub(super) fn was_on(&self, seen: &Seen, flag: &Flag, who: Who) -> bool {
        let stored = seen.rows.get(flag.name);
        stored.is_some_and(|stored| {
            rule::is_on(flag.name, self.is_permitted(flag), &stored.setting, who)
        })
    }
}

fn switched_off(flag: &Flag) -> Problem {
    let detail = format!(
        "{} This is currently turned off (flag {}). Try again later, or ask the administrator.",
        flag.description, flag.name
    );
    Problem::new(ProblemKind::Overloaded, "SWITCHED_OFF", detail)
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flags")
            .field("seen", &self.seen())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALLS: &Flag = &Flag {
        name: "calls",
        kind: FlagKind::Outgoing,
        variable: "ENABLE_CALLS",
        description: "Calls to the clerk.",
    };

    fn under(value: &str) -> Result<Flags, BadSwitch> {
        let environment = BTreeMap::from([("ENABLE_CALLS".to_owned(), value.to_owned())]);
        Flags::new(vec![CALLS], &environment)
    }

    #[test]
    fn the_environment_forbids_or_permits() {
        for permits in ["", "true", "1"] {
            assert!(under(permits).expect(permits).is_permitted(CALLS));
        }
        for forbids in ["false", "0"] {
            assert!(!under(forbids).expect(forbids).is_permitted(CALLS));
        }
        assert_eq!(
            under("maybe").expect_err("refused").to_string(),
            "ENABLE_CALLS is 'maybe': use true or false; leave it unset to allow the flag"
        );
    }

    #[test]
    fn a_flag_without_a_row_is_off() {
        let flags = under("true").expect("flags");
        assert!(!flags.is_on(CALLS, Who::default()));
    }
}
