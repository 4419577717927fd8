//! The comparison of what the libraries found.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

/// The events of each file.
pub(super) type Events = BTreeMap<String, Vec<Value>>;

/// Returns the number of events if all libraries found the same, and some in each file.
pub(super) fn agreed(all: Vec<(&str, Events)>) -> Result<usize> {
    let mut all = all.into_iter();
    let (first, expected) = all.next().context("no library")?;
    for (library, found) in all {
        for (file, events) in &expected {
            let others = found.get(file).map_or(&[][..], Vec::as_slice);
            for index in 0..events.len().max(others.len()) {
                let (one, other) = (json!(events.get(index)), json!(others.get(index)));
                ensure!(one == other, "{file} has {one} for {first}, but {other} for {library}");
            }
        }
    }
    for (file, events) in &expected {
        ensure!(!events.is_empty(), "{file} has no event");
    }
    Ok(expected.values().map(Vec::len).sum())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Events, agreed};

    fn events(summaries: &[&str]) -> Events {
        let events = summaries.iter().map(|summary| json!({ "summary": summary }));
        [("low-tide.ics".to_owned(), events.collect())].into()
    }

    #[test]
    fn libraries_must_agree_on_some_events() {
        let of = |other: Events| agreed(vec![("one", events(&["a", "b"])), ("other", other)]);
        assert_eq!(of(events(&["a", "b"])).ok(), Some(2));
        for other in [events(&["a"]), events(&["b", "a"]), Events::new()] {
            let error = of(other).expect_err("a difference").to_string();
            assert!(error.contains("low-tide.ics has"), "{error}");
        }
        let empty = agreed(vec![("one", events(&[])), ("other", events(&[]))]);
        assert!(empty.is_err());
    }
}
