use std::collections::BTreeSet;

use kernel::Timestamp;

/// A span of time, which begins at an instant and ends before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first instant.
    pub starts_at: Timestamp,
    /// The first instant after the span. A span that ends when it begins holds nothing.
    pub ends_at: Timestamp,
}

impl Span {
    #[must_use]
    pub fn new(starts_at: Timestamp, ends_at: Timestamp) -> Self {
        Self { starts_at, ends_at }
    }

    /// Returns the span in which nothing counts.
    #[must_use]
    pub fn never() -> Self {
        Self::new(Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH)
    }

    /// Returns the span of all times, from 1970 to the end of 9999.
    #[must_use]
    pub fn always() -> Self {
        let last = chrono::NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(chrono::NaiveDate::MAX);
        let ends_at = last.and_time(chrono::NaiveTime::MIN).and_utc();
        Self::new(Timestamp::UNIX_EPOCH, ends_at)
    }

    /// Returns whether an instant is in the span.
    #[must_use]
    pub fn contains(self, at: Timestamp) -> bool {
        self.starts_at <= at && at < self.ends_at
    }
}

/// A board on which points count that count on other boards, within a span of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FedBoard {
    pub key: String,
    /// The keys of the boards that feed it, which entries list. An entry must list at most one of them.
    pub sources: BTreeSet<String>,
    /// The span in which points count of people who have none of their own.
    pub span: Span,
}
