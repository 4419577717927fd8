use axum::response::Response;
use metrics::Counter;

use crate::telemetry::{Metric, MetricLabel};

/// Answers of pages that may be cached.
pub(crate) const ANSWERS: Metric = Metric::counter(
    "guildhall_page_cache_answers_total",
    "Answers of pages for everyone, by whether the page was kept or rendered for the request.",
)
.by(&[MetricLabel::of("source", &SOURCES)]);

const SOURCES: [&str; 2] = ["rendered", "kept"];

thread_local! {
    /// Cached per thread, because looking up a counter by its labels takes several allocations.
    static COUNTERS: [Counter; 2] = SOURCES.map(|source| ANSWERS.counter_of(&[source]));
}

/// An extension of the response of a page that may be cached: true if it was kept, false if it was rendered for the request.
#[derive(Clone, Copy, Debug)]
pub(super) struct FromCache(pub(super) bool);

impl FromCache {
    /// Counts the answer, and adds this to it.
    pub(super) fn noted(self, mut response: Response) -> Response {
        COUNTERS.with(|counters| counters[usize::from(self.0)].increment(1));
        response.extensions_mut().insert(self);
        response
    }
}
