use std::collections::BTreeMap;

use kernel::Timestamp;

/// A property by which results are narrowed and counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Facet {
    /// The language in which the work is done.
    Language,
    /// The difficulty.
    Level,
    /// The topics of its repository, and the skills that it needs.
    Topic,
    /// The type of the work.
    Kind,
    /// The estimated hours.
    Hours,
    Label,
    Health,
}

/// A range of numbers with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bucket {
    /// The name in addresses.
    pub(crate) name: &'static str,
    /// The first number above it.
    end: u64,
}

const fn bucket(name: &'static str, end: u64) -> Bucket {
    Bucket { name, end }
}

/// Levels, by the difficulty in thousandths.
const LEVELS: [Bucket; 3] =
    [bucket("easy", 3_500), bucket("medium", 6_500), bucket("hard", u64::MAX)];

/// Estimated times, by the hours in thousandths.
const HOURS: [Bucket; 3] =
    [bucket("short", 2_001), bucket("medium", 5_001), bucket("long", u64::MAX)];

/// Healths of repositories, of 100.
const HEALTHS: [Bucket; 3] = [bucket("quiet", 40), bucket("slow", 70), bucket("healthy", u64::MAX)];

impl Facet {
    /// All facets, in the order of the page.
    pub(crate) const ALL: [Self; 7] = [
        Self::Language,
        Self::Level,
        Self::Topic,
        Self::Kind,
        Self::Hours,
        Self::Label,
        Self::Health,
    ];

    /// Returns the name in addresses.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::Level => "level",
            Self::Topic => "topic",
            Self::Kind => "type",
            Self::Hours => "hours",
            Self::Label => "label",
            Self::Health => "health",
        }
    }

    /// Returns the ranges of a facet that counts numbers, lowest first.
    pub(crate) fn buckets(self) -> Option<&'static [Bucket]> {
        match self {
            Self::Level => Some(&LEVELS),
            Self::Hours => Some(&HOURS),
            Self::Health => Some(&HEALTHS),
            Self::Language | Self::Topic | Self::Kind | Self::Label => None,
        }
    }

    /// Returns the index of the range that a number is in.
    pub(crate) fn bucket(self, number: u64) -> Option<u64> {
        let buckets = self.buckets()?;
        let index = buckets.iter().position(|bucket| number < bucket.end)?;
        Some(index as u64)
    }
}

platform::codes! {
    /// How long ago something may last have happened to an issue.
    Freshness {
        Day = "day";
        Week = "week";
        /// 30 days.
        Month = "month";
    }
}

impl Freshness {
    /// Returns its first second, in seconds since 1970.
    pub(crate) fn since(self, now: Timestamp) -> u64 {
        let days = match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 30,
        };
        u64::try_from(now.timestamp() - days * 24 * 60 * 60).unwrap_or_default()
    }
}

/// Filters of a search: the accepted values by facet, and the time since which something happened. A facet without values is
/// not filtered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filters {
    facets: BTreeMap<Facet, Vec<String>>,
    /// Only documents to which something happened since then, in seconds since 1970.
    pub(crate) active_since: Option<u64>,
}

impl Filters {
    /// Creates it for the documents to which something happened since a time, of any facet.
    pub(crate) fn fresh(active_since: Option<u64>) -> Self {
        Self { facets: BTreeMap::new(), active_since }
    }

    pub(crate) fn accept(&mut self, facet: Facet, value: String) {
        let values = self.facets.entry(facet).or_default();
        if !values.contains(&value) {
            values.push(value);
        }
    }

    /// Returns true if all documents pass.
    pub(crate) fn is_empty(&self) -> bool {
        self.facets.is_empty() && self.active_since.is_none()
    }

    /// Returns the accepted values of a facet, none if it is not filtered.
    pub(crate) fn of(&self, facet: Facet) -> &[String] {
        self.facets.get(&facet).map_or(&[], Vec::as_slice)
    }
}

/// The order of results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sort {
    /// How well they fit the words that are searched.
    #[default]
    Best,
    Worth,
    Impact,
    /// When something last happened to them.
    Recent,
    /// The attention that they gain.
    Trending,
}
