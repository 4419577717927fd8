//! The numbers next to the links of the layout and the work that waits, counted again after the data changed, and every minute.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use chrono::TimeDelta;
use kernel::Timestamp;
use platform::{
    Context,
    db::{DbError, Version, Versions},
    module::{Audience, Modules, NavItem},
    work::{KeptWork, MOST_TASKS, TaskKind, WorkCount, WorkViewer, tasks, work_counts},
};
use uuid::Uuid;

/// The maximum number of people whose numbers are kept.
const MOST: usize = 10_000;

/// How long numbers are kept although the data did not change, because work begins and ends with time.
const KEPT: TimeDelta = TimeDelta::minutes(1);

/// The numbers of one person.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers {
    /// The numbers next to links, by their path.
    pub(super) links: BTreeMap<&'static str, i64>,
    /// The work that waits, by kind.
    pub(super) work: Arc<[WorkCount]>,
    /// The tasks, once a page listed them.
    pub(super) listed: Option<KeptWork>,
}

/// A person and what they may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Onlooker {
    pub(super) person: Uuid,
    pub(super) audience: Audience,
}

impl Onlooker {
    /// Returns true if the layout shows this person the number of a link.
    fn sees(self, item: &NavItem) -> bool {
        item.audience <= self.audience
    }
}

/// The numbers of each person, by what they see, with the version of the data that they were counted in, and when.
type KeptCounts = HashMap<Onlooker, (Version, Timestamp, Numbers)>;

/// Counts what links lead to.
#[derive(Clone)]
pub(super) struct Counts {
    navigation: ui::Navigation,
    kinds: Arc<[&'static TaskKind]>,
    versions: Versions,
    kept: Arc<Mutex<KeptCounts>>,
}

impl Counts {
    pub(super) fn new(context: &Context, modules: Modules) -> Self {
        Self {
            navigation: ui::Navigation::of(modules),
            kinds: modules.task_kinds().into(),
            versions: context.db.versions(),
            kept: Arc::default(),
        }
    }

    /// Returns the numbers, and the version of the data that they were counted in. With `lists_work`, the tasks are among them.
    pub(super) async fn of(
        &self,
        context: &Context,
        onlooker: Onlooker,
        lists_work: bool,
    ) -> Result<(Numbers, Option<Version>), DbError> {
        // The version is read first: a change meanwhile makes the numbers count as old.
        let (version, now) = (self.versions.now().await, context.now());
        let known = version.as_ref().and_then(|version| self.known(onlooker, version, now));
        let links = match known {
            Some(numbers) if !lists_work || numbers.listed.is_some() => {
                return Ok((numbers, version));
            }
            Some(numbers) => numbers.links,
            None => self.count_links(context, onlooker).await?,
        };
        let numbers = self.count_work(context, onlooker, links, lists_work).await?;
        if let Some(version) = &version {
            self.keep(onlooker, version.clone(), now, numbers.clone());
        }
        Ok((numbers, version))
    }

    async fn count_links(
        &self,
        context: &Context,
        onlooker: Onlooker,
    ) -> Result<BTreeMap<&'static str, i64>, DbError> {
        let mut links = BTreeMap::new();
        for item in self.navigation.iter().filter(|item| onlooker.sees(item)) {
            if let Some(count) = item.count {
                links.insert(item.address, count(context, onlooker.person).await?);
            }
        }
        Ok(links)
    }

    async fn count_work(
        &self,
        context: &Context,
        onlooker: Onlooker,
        links: BTreeMap<&'static str, i64>,
        lists_work: bool,
    ) -> Result<Numbers, DbError> {
        let viewer = WorkViewer { person: onlooker.person, audience: onlooker.audience };
        let mut listed = None;
        if lists_work {
            let found = tasks(context, &self.kinds, viewer).await?;
            // A list that ends before its end does not count everything.
            if i64::try_from(found.len()).is_ok_and(|rows| rows < MOST_TASKS) {
                let kept = KeptWork::of(found);
                let links = self.with_tasks(links, &kept.counts);
                return Ok(Numbers { links, work: kept.counts.clone(), listed: Some(kept) });
            }
            listed = Some(found);
        }
        let work: Arc<[WorkCount]> = work_counts(context, &self.kinds, viewer).await?.into();
        let listed = listed.map(|found| KeptWork { tasks: found.into(), counts: work.clone() });
        Ok(Numbers { links: self.with_tasks(links, &work), work, listed })
    }

    /// Adds the numbers of the links to work of some kinds, which need no statement of their own.
    fn with_tasks(
        &self,
        mut links: BTreeMap<&'static str, i64>,
        work: &[WorkCount],
    ) -> BTreeMap<&'static str, i64> {
        let counting = self.navigation.iter().filter(|item| item.count.is_none());
        for item in counting.filter(|item| !item.kinds.is_empty()) {
            let own = work.iter().filter(|own| item.kinds.contains(&own.kind.code));
            links.insert(item.address, own.map(|own| own.count).sum());
        }
        links
    }

    fn known(&self, key: Onlooker, version: &Version, now: Timestamp) -> Option<Numbers> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (counted_in, counted_at, numbers) = kept.get(&key)?;
        let is_new = (now - *counted_at).abs() < KEPT;
        (counted_in == version && is_new).then(|| numbers.clone())
    }

    fn keep(&self, key: Onlooker, version: Version, now: Timestamp, numbers: Numbers) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(key, (version, now, numbers));
    }
}
