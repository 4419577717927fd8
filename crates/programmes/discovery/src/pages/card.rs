use std::ops::Range;

use ui::{Tag, format::Instant};

use super::words;
use crate::{
    model::ScorePart, reads::OpportunityView, rules::analysis::summary, search::Highlight,
};

/// The most characters of a description in a list.
const SUMMARY: usize = 240;

/// The number of reasons in a list.
const REASONS: usize = 2;

/// The number of labels in a list.
const LABELS: usize = 6;

/// A part of a text, and whether it has the words of the search.
pub(super) type Piece = (String, bool);

/// An opportunity in a list.
pub(super) struct Card {
    pub(super) id: String,
    pub(super) address: String,
    pub(super) repository: String,
    pub(super) number: i64,
    pub(super) title: Vec<Piece>,
    pub(super) name: String,
    pub(super) summary: Vec<Piece>,
    pub(super) kind: &'static str,
    pub(super) status: Tag,
    pub(super) labels: Vec<String>,
    pub(super) language: Option<String>,
    pub(super) worth: String,
    pub(super) level: &'static str,
    pub(super) complexity: String,
    pub(super) hours: String,
    pub(super) health: Option<(Tag, i64)>,
    pub(super) reasons: Vec<String>,
    pub(super) response: Option<String>,
    pub(super) opened: Instant,
}

impl Card {
    /// Describes an opportunity, with the words of a search marked.
    pub(super) fn of(own: &OpportunityView, body: &str, highlight: &mut Highlight) -> Self {
        Self::marked(own, body, |text| highlight.places(text))
    }

    /// Describes an opportunity without a search.
    pub(super) fn plain(own: &OpportunityView, body: &str) -> Self {
        Self::marked(own, body, |_| Vec::new())
    }

    fn marked(
        own: &OpportunityView,
        body: &str,
        mut places: impl FnMut(&str) -> Vec<Range<usize>>,
    ) -> Self {
        let analysis = &own.analysis;
        let summary = summary(body, SUMMARY);
        Self {
            id: own.id.simple().to_string(),
            address: own.address(),
            repository: own.repository.clone(),
            number: own.number,
            title: pieces(&own.title, &places(&own.title)),
            name: own.title.clone(),
            summary: pieces(&summary, &places(&summary)),
            kind: words::kind(own.kind()),
            status: words::status(own.status),
            labels: own.labels.iter().take(LABELS).cloned().collect(),
            language: analysis.language.clone(),
            worth: format!("{:.1}", analysis.overall),
            level: words::level(analysis.complexity),
            complexity: format!("{:.0} of 10", analysis.complexity),
            hours: words::hours(analysis.hours),
            health: own.health.as_ref().map(|own| (words::health(own.health), own.health)),
            reasons: reasons(own),
            response: own.health.as_ref().and_then(|own| own.response_words.clone()),
            opened: Instant(own.opened_at),
        }
    }
}

/// Returns the strongest reasons for an opportunity.
fn reasons(own: &OpportunityView) -> Vec<String> {
    // Confidence is of 1, the others are of 10. The first reason of a part is what a usual issue has.
    let strength = |part: ScorePart, value: f64| match part {
        ScorePart::Confidence => value * 10.0,
        _ => value,
    };
    let mut found: Vec<(f64, &str)> = Vec::new();
    for part in [ScorePart::Impact, ScorePart::Confidence, ScorePart::Urgency] {
        let of_part = own.analysis.reasons.iter().filter(|own| own.part == part);
        let added = of_part.skip(1).filter(|own| own.value > 0.0);
        found.extend(added.map(|own| (strength(part, own.value), own.words.as_str())));
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let best = found.into_iter().take(REASONS);
    best.map(|(_, words)| sentence(words)).collect()
}

/// Writes the words of a reason as a sentence.
pub(super) fn sentence(words: &str) -> String {
    let mut sentence = kernel::capitalized(words);
    if !sentence.ends_with(['.', '!', '?', '…']) {
        sentence.push('.');
    }
    sentence
}

/// Divides a text at the places of the words that were searched.
fn pieces(text: &str, places: &[Range<usize>]) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(places.len() * 2 + 1);
    let mut end = 0;
    for place in places {
        for (range, is_found) in [(end..place.start, false), (place.clone(), true)] {
            if let Some(part) = text.get(range).filter(|part| !part.is_empty()) {
                pieces.push((part.to_owned(), is_found));
            }
        }
        end = place.end;
    }
    if let Some(rest) = text.get(end..).filter(|rest| !rest.is_empty()) {
        pieces.push((rest.to_owned(), false));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_divided_at_the_words() {
        let joined = |text: &str, places: &[Range<usize>]| {
            let pieces = pieces(text, places).into_iter();
            let marked =
                pieces.map(|(text, is_found)| if is_found { format!("[{text}]") } else { text });
            marked.collect::<String>()
        };
        assert_eq!(joined("Its checksum twice", &[4..12, 13..18]), "Its [checksum] [twice]");
        assert_eq!(joined("page by page", &[0..4, 8..12]), "[page] by [page]");
        assert_eq!(joined("nothing", &[]), "nothing");
        assert_eq!(joined("", &[]), "");
    }

    #[test]
    fn reasons_are_sentences() {
        assert_eq!(sentence("steps to reproduce it"), "Steps to reproduce it.");
        assert_eq!(sentence("Done."), "Done.");
    }
}
