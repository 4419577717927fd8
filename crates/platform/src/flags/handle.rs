use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use kernel::{Problem, ProblemKind};
use uuid::Uuid;

use super::{
    Flag, FlagKind, FlagViewer, Hold, Outgoing, Permit, Setting, Start,
    store::{self, StoredFlag},
};
use crate::{
    Context,
    db::{Db, DbError},
    telemetry::{news, works},
};

/// How often the rows are read again.
const LOOKS_EVERY: Duration = Duration::from_secs(2);

/// The flags of this server and their last known rows; clones share them.
#[derive(Clone, Default)]
pub struct Flags(Arc<Inner>);

#[derive(Default)]
struct Inner {
    declared: Vec<&'static Flag>,
    forbidden: BTreeSet<&'static str>,
    seen: RwLock<Arc<FlagRows>>,
}

/// The rows as last read.
#[derive(Debug, Default)]
pub(super) struct FlagRows {
    rows: BTreeMap<String, StoredFlag>,
}

/// An environment variable of a flag that is neither true nor false.
#[derive(Debug, thiserror::Error)]
#[error("{variable} is '{value}': use true or false; leave it unset to {unset} the flag")]
pub struct BadSwitch {
    variable: &'static str,
    value: String,
    /// The effect of an unset variable.
    unset: &'static str,
}

/// A flag with its state.
#[derive(Clone, Debug)]
pub struct KnownFlag {
    pub flag: &'static Flag,
    /// The id of its row.
    pub id: Uuid,
    /// False if the environment turns it off, or does not turn on a flag that starts as off.
    pub is_permitted: bool,
    pub setting: Setting,
}

impl KnownFlag {
    /// Returns the words for a flag that the environment keeps off; `None` if the environment permits it.
    #[must_use]
    pub fn overridden(&self) -> Option<String> {
        let variable = self.flag.variable;
        match (self.is_permitted, self.flag.start) {
            (true, _) => None,
            (false, Start::On | Start::Later) => Some(format!("off: overridden by {variable}")),
            (false, Start::Off) => {
                Some(format!("off: set {variable}=true and restart to allow it"))
            }
        }
    }
}

impl Flags {
    /// Creates the flags that the modules declare, with the environment's variable for each.
    ///
    /// # Errors
    /// When a variable is neither true nor false.
    pub fn new(
        declared: Vec<&'static Flag>,
        environment: &BTreeMap<String, String>,
    ) -> Result<Self, BadSwitch> {
        let mut forbidden = BTreeSet::new();
        for flag in &declared {
            let variable = flag.variable;
            match environment.get(variable).map_or("", String::as_str) {
                "" if flag.start == Start::Off => drop(forbidden.insert(flag.name)),
                "" | "true" | "1" => {}
                "false" | "0" => drop(forbidden.insert(flag.name)),
                value => {
                    return Err(BadSwitch {
                        variable,
                        value: value.to_owned(),
                        unset: match flag.start {
                            Start::On | Start::Later => "allow",
                            Start::Off => "turn off",
                        },
                    });
                }
            }
        }
        Ok(Self(Arc::new(Inner { declared, forbidden, seen: RwLock::default() })))
    }

    /// Inserts missing flags, each as it starts, and reads all rows.
    pub async fn seed(&self, context: &Context) -> Result<(), DbError> {
        self.look(&context.db).await?;
        let seen = self.seen();
        let declared = self.0.declared.iter().copied();
        let new: Vec<_> = declared.filter(|flag| !seen.rows.contains_key(flag.name)).collect();
        if new.is_empty() {
            return Ok(());
        }
        store::seed(context, &new).await?;
        self.look(&context.db).await
    }

    /// Reads the rows again.
    ///
    /// # Errors
    /// When the database fails; the last known rows stay in use.
    pub async fn look(&self, db: &Db) -> Result<(), DbError> {
        self.see(store::all(db).await?);
        Ok(())
    }

    fn see(&self, rows: BTreeMap<String, StoredFlag>) {
        let mut seen = self.0.seen.write().unwrap_or_else(PoisonError::into_inner);
        if seen.rows != rows {
            *seen = Arc::new(FlagRows { rows });
        }
    }

    /// Reads the rows again, and takes flags without one as they start: a server that has not started yet stores them then.
    ///
    /// # Errors
    /// When the database fails; the last known rows stay in use.
    pub async fn look_ahead(&self, db: &Db) -> Result<(), DbError> {
        let mut rows = store::all(db).await?;
        for flag in self.declared() {
            let start = || StoredFlag { id: Uuid::nil(), setting: flag.start.setting() };
            rows.entry(flag.name.to_owned()).or_insert_with(start);
        }
        self.see(rows);
        Ok(())
    }

    /// Reloads the rows periodically for as long as another handle to these flags exists.
    pub fn follow(&self, db: &Db) {
        let (flags, db) = (Arc::downgrade(&self.0), db.clone());
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOKS_EVERY).await;
                let Some(flags) = flags.upgrade().map(Flags) else {
                    return;
                };
                match flags.look(&db).await {
                    Ok(()) => works("flags"),
                    Err(error) => {
                        if let Some(times) = news("flags", &error) {
                            tracing::warn!(%error, times, "cannot reload flags; using the last known ones");
                        }
                    }
                }
            }
        });
    }

    /// Finds a declared flag by name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&'static Flag> {
        let mut declared = self.0.declared.iter();
        declared.find(|flag| flag.name == name).copied()
    }

    /// Returns true unless the environment turns a flag off, or does not turn on one that starts as off.
    #[must_use]
    pub fn is_permitted(&self, flag: &Flag) -> bool {
        !self.0.forbidden.contains(flag.name)
    }

    /// Returns every declared flag with its current row.
    pub async fn known(&self, db: &Db) -> Result<Vec<KnownFlag>, DbError> {
        let mut rows = store::all(db).await?;
        let known = |flag: &&'static Flag| {
            let stored = rows.remove(flag.name)?;
            Some(KnownFlag {
                flag,
                id: stored.id,
                is_permitted: self.is_permitted(flag),
                setting: stored.setting,
            })
        };
        Ok(self.0.declared.iter().filter_map(known).collect())
    }

    /// Returns true if a flag is on for a person. A flag without a row is off.
    #[must_use]
    pub fn is_on(&self, flag: &Flag, who: FlagViewer) -> bool {
        self.permitted(&self.seen(), flag).is_some_and(|setting| setting.is_on(flag.name, who))
    }

    /// Returns true if a flag is on for everyone, also for visitors who are not signed in.
    #[must_use]
    pub fn is_on_for_everyone(&self, flag: &Flag) -> bool {
        self.permitted(&self.seen(), flag).is_some_and(Setting::is_on_for_everyone)
    }

    /// Returns true if a flag can be on for a person, for what concerns no single person, such as jobs and alerts of a
    /// feature.
    #[must_use]
    pub fn is_on_for_anyone(&self, flag: &Flag) -> bool {
        self.permitted(&self.seen(), flag).is_some_and(Setting::is_on_for_anyone)
    }

    /// Returns permission for calls to an outside service that concern no single person.
    ///
    /// # Errors
    /// When the calls are not turned on for everyone. The error says whom to ask.
    pub fn permit<F: Outgoing>(&self) -> Result<Permit<F>, Problem> {
        self.permit_for(&[]).map_err(|_| switched_off(F::FLAG))
    }

    /// Returns permission for calls to an outside service that concern these people: they are turned on for one of them, or for
    /// everyone.
    ///
    /// # Errors
    /// When the calls are turned off for all of them. The error names the switch.
    pub fn permit_for<F: Outgoing>(&self, people: &[FlagViewer]) -> Result<Permit<F>, Hold> {
        debug_assert_eq!(F::FLAG.kind, FlagKind::Outgoing);
        self.hold(F::FLAG, people).map_or_else(|| Ok(Permit::given()), Err)
    }

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

    pub(super) fn declared(&self) -> &[&'static Flag] {
        &self.0.declared
    }

    pub(super) fn seen(&self) -> Arc<FlagRows> {
        let seen = self.0.seen.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&seen)
    }

    /// Returns the setting of a flag that the environment permits. A flag without a row has none.
    pub(super) fn permitted<'a>(&self, seen: &'a FlagRows, flag: &Flag) -> Option<&'a Setting> {
        let stored = seen.rows.get(flag.name).filter(|_| self.is_permitted(flag));
        stored.map(|stored| &stored.setting)
    }
}

fn switched_off(flag: &Flag) -> Problem {
    let detail = format!(
        "{} is currently turned off (flag {}). Try again later, or ask an admin.",
        flag.description.trim_end_matches('.'),
        flag.name
    );
    Problem::new(ProblemKind::Overloaded, "SWITCHED_OFF", detail)
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flags").field("seen", &self.seen()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALLS: &Flag = &Flag {
        name: "calls",
        kind: FlagKind::Outgoing,
        variable: "ENABLE_CALLS",
        start: Start::On,
        description: "Calls to the clerk.",
    };

    const TRIAL: &Flag =
        &Flag { name: "trial", variable: "TRIAL_ENABLED", start: Start::Off, ..*CALLS };

    #[derive(Debug)]
    struct Trial;

    impl Outgoing for Trial {
        const FLAG: &'static Flag = TRIAL;
    }

    fn trial(value: &str, rollout_percent: i64) -> Flags {
        let environment = BTreeMap::from([("TRIAL_ENABLED".to_owned(), value.to_owned())]);
        let flags = Flags::new(vec![TRIAL], &environment).expect(value);
        let setting = Setting {
            enabled: true,
            rollout_percent,
            people: BTreeSet::from([Uuid::from_u128(1)]),
            ..Setting::default()
        };
        let id = Uuid::from_u128(7);
        let rows = BTreeMap::from([("trial".to_owned(), StoredFlag { id, setting })]);
        *flags.0.seen.write().expect("rows") = Arc::new(FlagRows { rows });
        flags
    }

    fn person(number: u128) -> FlagViewer {
        FlagViewer::new(Uuid::from_u128(number), None)
    }

    #[test]
    fn a_flag_that_starts_as_off_needs_its_variable() {
        for off in ["", "false", "0"] {
            let flags = trial(off, 100);
            assert!(flags.permit::<Trial>().is_err(), "{off:?}");
            assert_eq!(flags.hold(TRIAL, &[person(1)]), Some(Hold::Variable));
            let known = KnownFlag {
                flag: TRIAL,
                id: Uuid::from_u128(7),
                is_permitted: flags.is_permitted(TRIAL),
                setting: Setting::default(),
            };
            assert_eq!(
                known.overridden().as_deref(),
                Some("off: set TRIAL_ENABLED=true and restart to allow it")
            );
        }
        let environment = BTreeMap::from([("TRIAL_ENABLED".to_owned(), "on".to_owned())]);
        assert_eq!(
            Flags::new(vec![TRIAL], &environment).expect_err("refused").to_string(),
            "TRIAL_ENABLED is 'on': use true or false; leave it unset to turn off the flag"
        );
    }

    #[test]
    fn a_permit_for_a_person_follows_the_rollout() {
        let flags = trial("true", 0);
        assert!(flags.permit_for::<Trial>(&[person(2), person(1)]).is_ok());
        assert!(flags.permit_for::<Trial>(&[person(2)]).is_err());
        assert!(flags.permit::<Trial>().is_err());
        assert_eq!(flags.hold(TRIAL, &[person(1)]), None);
        assert_eq!(flags.hold(TRIAL, &[person(2)]), Some(Hold::Rollout));
        assert!(trial("true", 100).permit::<Trial>().is_ok());
        let without_row = under("true").expect("flags");
        assert_eq!(without_row.hold(CALLS, &[]), Some(Hold::Row));
    }

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
        assert!(!flags.is_on(CALLS, person(1)));
        assert!(!flags.is_on_for_everyone(CALLS) && !flags.is_on_for_anyone(CALLS));
    }
}
