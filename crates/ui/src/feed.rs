//! Atom feeds (RFC 4287).

use askama::Template;
use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use kernel::Timestamp;
use uuid::Uuid;

use crate::{
    Community, PageError,
    format::{Instant, allowed_in_xml},
    frame, html,
};

/// The number of entries of a feed.
pub const ENTRIES: i64 = 30;

/// A feed about the object of a page.
#[derive(Clone, Debug)]
pub struct Feed {
    /// The ID of the object.
    pub id: Uuid,
    pub title: String,
    /// The path of the feed.
    pub address: String,
    /// The path of the page.
    pub page: String,
    /// The entries, latest first.
    pub entries: Vec<FeedEntry>,
}

#[derive(Clone, Debug)]
pub struct FeedEntry {
    /// The ID of the object.
    pub id: Uuid,
    pub title: String,
    /// The login of the author; empty if unknown.
    pub author: String,
    /// When the object last changed.
    pub updated: Instant,
    /// The path of its page.
    pub page: String,
    /// A description in a sentence.
    pub summary: String,
}

#[derive(Template)]
#[template(path = "feed.xml")]
struct FeedDocument {
    feed: Feed,
    community: Community,
}

impl Feed {
    /// Responds with the feed. Characters that XML does not allow are left out.
    ///
    /// # Errors
    /// When the template fails.
    pub fn respond(mut self) -> Result<Response, PageError> {
        self.title = allowed_in_xml(&self.title);
        for entry in &mut self.entries {
            for text in [&mut entry.title, &mut entry.author, &mut entry.summary] {
                *text = allowed_in_xml(text);
            }
        }
        let community = frame::community();
        let feed = self;
        let document = html(&FeedDocument { feed, community })?;
        let kind = HeaderValue::from_static("application/atom+xml; charset=utf-8");
        Ok(([(header::CONTENT_TYPE, kind)], document).into_response())
    }

    /// Returns the latest change; the first instant of Unix time for a feed without entries.
    fn updated(&self) -> Instant {
        let entries = self.entries.iter().map(|entry| entry.updated);
        entries.max().unwrap_or(Instant(Timestamp::UNIX_EPOCH))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_without_entries_is_complete() {
        let feed = Feed {
            id: Uuid::nil(),
            title: "]]></title><script>".to_owned(),
            address: "/projects/a/feed.atom".to_owned(),
            page: "/projects/a".to_owned(),
            entries: Vec::new(),
        };
        let community = Community::default();
        let document = FeedDocument { feed, community }.render().expect("XML");
        assert!(document.contains("<updated>1970-01-01T00:00:00Z</updated>"), "{document}");
        assert!(!document.contains("<script"), "{document}");
    }
}
