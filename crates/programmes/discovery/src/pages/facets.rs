use ui::format::{Number, address};

use super::{tabs::SEARCH, words};
use crate::{
    access::SearchQuery,
    model::{Facet, SearchResults},
};

/// The values of a facet that can be chosen.
const CHOICES: usize = 40;

/// A filter with its values.
pub(super) struct FacetGroup {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) values: Vec<FacetValue>,
}

pub(super) struct FacetValue {
    pub(super) value: String,
    pub(super) words: String,
    pub(super) count: Number,
    pub(super) is_chosen: bool,
}

impl FacetGroup {
    /// Returns the filters of a search with the number of results by value.
    pub(super) fn all(query: &SearchQuery, found: &SearchResults) -> Vec<Self> {
        let all = Facet::ALL.map(|facet| Self::of(facet, query, found));
        all.into_iter().filter(|group| !group.values.is_empty()).collect()
    }

    fn of(facet: Facet, query: &SearchQuery, found: &SearchResults) -> Self {
        let chosen = query.of(facet);
        let counts = found.facets.get(&facet).into_iter().flatten();
        let mut counts: Vec<(&str, u64)> =
            counts.map(|(value, count)| (value.as_str(), *count)).collect();
        if !chosen.is_empty() && !counts.iter().any(|(value, _)| *value == chosen) {
            counts.push((chosen, 0));
        }
        let rank = |value: &str| {
            let buckets = facet.buckets().unwrap_or_default();
            buckets.iter().position(|own| own.name == value)
        };
        counts.sort_by(|a, b| {
            let by_count = (b.0 == chosen).cmp(&(a.0 == chosen)).then(b.1.cmp(&a.1));
            rank(a.0).cmp(&rank(b.0)).then(by_count).then(a.0.cmp(b.0))
        });
        counts.truncate(CHOICES);
        let value = |(value, count): (&str, u64)| FacetValue {
            value: value.to_owned(),
            words: words::value(facet, value),
            count: Number(i64::try_from(count).unwrap_or(i64::MAX)),
            is_chosen: value == chosen,
        };
        Self {
            name: facet.name(),
            title: words::facet(facet),
            values: counts.into_iter().map(value).collect(),
        }
    }
}

/// Returns the address of the first page of a search without a filter.
pub(super) fn without(query: &SearchQuery, facet: Facet) -> String {
    of(SEARCH, query, Some(facet), "")
}

pub(super) fn page_address(path: &str, query: &SearchQuery, cursor: &str) -> String {
    of(path, query, None, cursor)
}

fn of(path: &str, query: &SearchQuery, left_out: Option<Facet>, cursor: &str) -> String {
    let filters = query.filters().into_iter().filter(|(facet, _)| Some(*facet) != left_out);
    let mut fields = vec![("q", query.q.as_str())];
    fields.extend(filters.map(|(facet, value)| (facet.name(), value)));
    let rest = [("freshness", &*query.freshness), ("sort", &*query.sort), ("cursor", cursor)];
    fields.extend(rest);
    address(path, fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_keep_the_other_filters() {
        let query = SearchQuery {
            q: "a & b".into(),
            language: "Rust".into(),
            freshness: "week".into(),
            cursor: "1.1".into(),
            ..SearchQuery::default()
        };
        assert_eq!(
            without(&query, Facet::Level),
            "/discover?q=a%20%26%20b&language=Rust&freshness=week"
        );
        assert_eq!(without(&query, Facet::Language), "/discover?q=a%20%26%20b&freshness=week");
        assert_eq!(page_address(SEARCH, &SearchQuery::default(), ""), "/discover");
    }
}
