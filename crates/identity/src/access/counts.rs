//! The numbers next to the links of the layout, counted again only after the data changed.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use platform::{
    Context,
    db::{DbError, Version, Versions},
    module::{Audience, NavItem},
};
use uuid::Uuid;

/// The maximum number of people whose numbers are kept.
const MOST: usize = 10_000;

/// The numbers of one person, by the path of their link.
pub(super) type Numbers = BTreeMap<&'static str, i64>;

/// A person and their audience.
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

/// The numbers of each person, by what they see, with the version of the data that they were counted in.
type KeptCounts = HashMap<Onlooker, (Version, Numbers)>;

/// Counts what links lead to.
#[derive(Clone)]
pub(super) struct Counts {
    navigation: ui::Navigation,
    versions: Versions,
    kept: Arc<Mutex<KeptCounts>>,
}

impl Counts {
    pub(super) fn new(context: &Context, navigation: ui::Navigation) -> Self {
        Self { navigation, versions: context.db.versions(), kept: Arc::default() }
    }

    /// Returns the numbers, and the version of the data that they were counted in.
    pub(super) async fn of(
        &self,
        context: &Context,
        onlooker: Onlooker,
    ) -> Result<(Numbers, Option<Version>), DbError> {
        // The version is read first: a change meanwhile makes the numbers count as old.
        let version = self.versions.now().await;
        if let Some(version) = &version
            && let Some(numbers) = self.known(onlooker, version)
        {
            return Ok((numbers, Some(version.clone())));
        }
        let mut numbers = Numbers::new();
        for item in self.navigation.iter().filter(|item| onlooker.sees(item)) {
            if let Some(count) = item.count {
                numbers.insert(item.address, count(context, onlooker.person).await?);
            }
        }
        if let Some(version) = &version {
            self.keep(onlooker, version.clone(), numbers.clone());
        }
        Ok((numbers, version))
    }

    fn known(&self, key: Onlooker, version: &Version) -> Option<Numbers> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (counted_in, numbers) = kept.get(&key)?;
        (counted_in == version).then(|| numbers.clone())
    }

    fn keep(&self, key: Onlooker, version: Version, numbers: Numbers) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(key, (version, numbers));
    }
}
