use std::{
    cmp::Ordering,
    collections::{BTreeSet, HashMap},
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use kernel::Timestamp;
use platform::{
    db::{Db, DbError},
    module::Services,
};
use uuid::Uuid;

use crate::{
    model::Person,
    reads,
    rules::matching::{Compact, Dictionary, PreparedPerson},
};

/// The free opportunities of this process, as people are matched with all of them at once. It follows the opportunities in
/// the order of their changes, and is read when it is first asked. Clones share it.
#[derive(Clone)]
pub(crate) struct Pool(Arc<SharedPool>);

struct SharedPool {
    db: Db,
    /// The last change that the pool has. Of requests at the same time, one follows the changes.
    followed: tokio::sync::Mutex<i64>,
    all: RwLock<PooledOpportunities>,
}

#[derive(Default)]
struct PooledOpportunities {
    dictionary: Dictionary,
    /// The places of opportunities in the list.
    places: HashMap<Uuid, usize>,
    list: Vec<(Uuid, i64, Compact)>,
}

/// An opportunity with its fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct FittingIssue {
    /// The opportunity.
    pub(crate) id: Uuid,
    /// The fit, 0 to 1.
    pub(crate) fit: f64,
    /// Its worth, in thousandths.
    pub(crate) worth: i64,
}

/// The opportunities that are asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct PoolFilter {
    /// Only these; all if absent.
    pub(crate) only: Option<BTreeSet<Uuid>>,
    pub(crate) without: BTreeSet<Uuid>,
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pool")
    }
}

impl Pool {
    /// Returns the pool of a server, which is not read yet.
    pub(crate) fn of(services: &Services) -> Self {
        Self(Arc::new(SharedPool {
            db: services.context.db.clone(),
            followed: tokio::sync::Mutex::new(0),
            all: RwLock::default(),
        }))
    }

    /// Returns at most `most` opportunities that meet the limits of a person, those that fit them best first: of the same fit,
    /// the worthier first.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn best(
        &self,
        person: Person,
        among: PoolFilter,
        most: usize,
        now: Timestamp,
    ) -> Result<Vec<FittingIssue>, DbError> {
        self.follow().await?;
        let shared = Arc::clone(&self.0);
        let matched = move || shared.best(&person, &among, most, now);
        match tokio::task::spawn_blocking(matched).await {
            Ok(best) => Ok(best),
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The process ends.
                Err(_) => Ok(Vec::new()),
            },
        }
    }

    /// Returns true if there is no free opportunity.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn is_empty(&self) -> Result<bool, DbError> {
        self.follow().await?;
        let all = self.0.all.read().unwrap_or_else(PoisonError::into_inner);
        Ok(all.list.is_empty())
    }

    /// Adds the changes that the pool lacks.
    async fn follow(&self) -> Result<(), DbError> {
        let mut followed = self.0.followed.lock().await;
        if reads::last_change(&self.0.db).await? <= *followed {
            return Ok(());
        }
        loop {
            let (changes, last) = reads::pooled(&self.0.db, *followed).await?;
            if changes.is_empty() {
                return Ok(());
            }
            let mut all = self.0.all.write().unwrap_or_else(PoisonError::into_inner);
            for change in changes {
                all.apply(change);
            }
            *followed = last;
        }
    }
}

impl SharedPool {
    fn best(
        &self,
        person: &Person,
        among: &PoolFilter,
        most: usize,
        now: Timestamp,
    ) -> Vec<FittingIssue> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        let seer = PreparedPerson::of(person, &all.dictionary, now);
        let mut best = BestFits::new(most);
        let mut consider = |(id, worth, compact): &(Uuid, i64, Compact)| {
            if let Some(fit) = seer.fit(compact, best.least)
                && !among.without.contains(id)
            {
                best.add(FittingIssue { id: *id, fit, worth: *worth });
            }
        };
        let place = |id: &Uuid| all.list.get(*all.places.get(id)?);
        match &among.only {
            Some(only) => only.iter().filter_map(place).for_each(&mut consider),
            None => all.list.iter().for_each(&mut consider),
        }
        best.sorted()
    }
}

/// The opportunities that fit best, among those that were added.
struct BestFits {
    most: usize,
    /// The least fit of one that can be among the best.
    least: f64,
    /// The best, with some that are not among them any more.
    found: Vec<FittingIssue>,
}

impl BestFits {
    fn new(most: usize) -> Self {
        Self { most, least: 0.0, found: Vec::new() }
    }

    fn add(&mut self, fitting: FittingIssue) {
        self.found.push(fitting);
        if self.found.len() > 2 * self.most {
            self.cut();
        }
    }

    /// Leaves out those that are not among the best.
    fn cut(&mut self) {
        if (1..self.found.len()).contains(&self.most) {
            let (_, last, _) = self.found.select_nth_unstable_by(self.most - 1, order);
            self.least = last.fit;
        }
        self.found.truncate(self.most);
    }

    fn sorted(mut self) -> Vec<FittingIssue> {
        self.cut();
        self.found.sort_unstable_by(order);
        self.found
    }
}

/// Orders by the fit, then by the worth.
fn order(a: &FittingIssue, b: &FittingIssue) -> Ordering {
    let by_fit = b.fit.total_cmp(&a.fit);
    by_fit.then(b.worth.cmp(&a.worth)).then(a.id.cmp(&b.id))
}

impl PooledOpportunities {
    fn apply(&mut self, change: reads::Pooled) {
        self.remove(change.id);
        if let Some((opportunity, worth)) = change.free {
            let compact = Compact::of(&opportunity, &mut self.dictionary);
            self.places.insert(change.id, self.list.len());
            self.list.push((change.id, worth, compact));
        }
    }

    fn remove(&mut self, id: Uuid) {
        let Some(place) = self.places.remove(&id) else {
            return;
        };
        self.list.swap_remove(place);
        if let Some((moved, ..)) = self.list.get(place) {
            self.places.insert(*moved, place);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_best_are_those_of_the_whole_list_in_its_order(
            list in prop::collection::vec((0_u8..20, 0_i64..4), 0..300),
            most in 0_usize..30,
        ) {
            let list = list.iter().enumerate().map(|(number, (fit, worth))| FittingIssue {
                id: Uuid::from_u128(number as u128),
                fit: f64::from(*fit) / 20.0,
                worth: *worth,
            });
            let mut list: Vec<FittingIssue> = list.collect();
            let mut best = BestFits::new(most);
            for fitting in &list {
                if fitting.fit >= best.least {
                    best.add(*fitting);
                }
            }
            list.sort_by(order);
            list.truncate(most);
            prop_assert_eq!(best.sorted(), list);
        }
    }
}
