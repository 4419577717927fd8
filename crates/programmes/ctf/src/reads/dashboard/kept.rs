use std::{collections::BTreeMap, fmt, ops::Range, sync::Arc, time::Duration};

use kernel::Timestamp;
use moka::sync::Cache;
use platform::db::{DbError, Sql};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::{PersonFigures, figures::figures_of};
use crate::model::RosterId;

/// How long figures are kept after they were last asked for.
const IDLE: Duration = Duration::from_secs(60);
/// The maximum number of kept rosters, each in a range.
const MOST: u64 = 64;

/// The figures of each competitor, with the number of changes of their solves by then.
type KnownFigures = BTreeMap<Uuid, (Option<i64>, Arc<PersonFigures>)>;

/// Figures of rosters that were asked for within a minute: only those of competitors whose solves have changed are added up
/// again. They contain no names. Clones share them.
#[derive(Clone)]
pub struct KeptFigures(Cache<(RosterId, Range<Timestamp>), Arc<Mutex<KnownFigures>>>);

impl KeptFigures {
    /// Returns the figures of competitors on a roster in a range, also of those without solves. Each competitor comes with the
    /// number of changes of their stored solves. Those who ask for the same at once wait for one reading.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of_people(
        &self,
        db: &impl Sql,
        roster: RosterId,
        people: &[(Uuid, Option<i64>)],
        span: &Range<Timestamp>,
    ) -> Result<BTreeMap<Uuid, Arc<PersonFigures>>, DbError> {
        let known = self.0.get_with((roster, span.clone()), Arc::default);
        let mut known = known.lock().await;
        let is_kept = |(id, revision): &(Uuid, Option<i64>)| {
            known.get(id).is_some_and(|(kept, _)| kept == revision)
        };
        let changed = people.iter().filter(|person| !is_kept(person)).copied();
        let changed: BTreeMap<Uuid, Option<i64>> = changed.collect();
        if !changed.is_empty() {
            let ids: Vec<Uuid> = changed.keys().copied().collect();
            let mut read = figures_of(db, &ids, span).await?;
            known.extend(changed.into_iter().map(|(id, revision)| {
                let figures = read.remove(&id).unwrap_or_default();
                (id, (revision, Arc::new(figures)))
            }));
        }
        let figures = |(id, _): &(Uuid, Option<i64>)| Some((*id, Arc::clone(&known.get(id)?.1)));
        Ok(people.iter().filter_map(figures).collect())
    }
}

impl Default for KeptFigures {
    fn default() -> Self {
        let cache = Cache::builder().max_capacity(MOST).time_to_idle(IDLE);
        Self(cache.build())
    }
}

impl fmt::Debug for KeptFigures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeptFigures")
    }
}
