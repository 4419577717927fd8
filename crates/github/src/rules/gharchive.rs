//! Converts lines of GH Archive files (GitHub's public events, one JSON object per line) into the webhook
//! deliveries that GitHub would have sent for the same events.
//!
//! A file is read twice: [`check`] (or [`Check`], line by line) decides whether the whole file is usable,
//! then [`convert`] converts each line. Payloads are passed on byte for byte.

mod body;
mod error;
mod event;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

pub use error::{LineError, Refusal};
use event::Event;

/// A webhook delivery, in the format that `replay` reads.
#[derive(Clone, Debug, Serialize)]
pub struct Delivery {
    /// When the event happened.
    pub at: DateTime<Utc>,
    /// The webhook's name, such as `pull_request`.
    pub event: &'static str,
    /// The delivery ID, which is the same for the same archived event, so that a second import adds
    /// nothing.
    pub delivery: Uuid,
    /// The webhook's body.
    pub body: Box<RawValue>,
    /// GitHub's ID of the repository, so that an import can skip unregistered repositories.
    #[serde(skip)]
    pub repository_id: i64,
}

/// Counts and time span of the events in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The number of deliveries by webhook name.
    pub deliveries: BTreeMap<&'static str, u64>,
    /// The number of events without a corresponding webhook.
    pub not_used: u64,
    /// The time of the first event.
    pub first_at: Option<DateTime<Utc>>,
    /// The time of the last event.
    pub last_at: Option<DateTime<Utc>>,
}

/// The first pass over a file, line by line.
#[derive(Debug, Default)]
pub struct Check {
    line: u64,
    report: Report,
}

impl Check {
    /// Checks the next line, including blank ones. An error rejects the whole file.
    pub fn line(&mut self, line: &[u8]) -> Result<(), Refusal> {
        self.line += 1;
        let converted = convert(line).map_err(|error| Refusal { line: self.line, error })?;
        match converted {
            Some(delivery) => self.count(&delivery),
            None if is_blank(line) => {}
            None => self.report.not_used += 1,
        }
        Ok(())
    }

    #[must_use]
    pub fn finish(self) -> Report {
        self.report
    }

    fn count(&mut self, delivery: &Delivery) {
        let Report { deliveries, first_at, last_at, .. } = &mut self.report;
        *deliveries.entry(delivery.event).or_default() += 1;
        *first_at = Some(first_at.map_or(delivery.at, |at| at.min(delivery.at)));
        *last_at = (*last_at).max(Some(delivery.at));
    }
}

/// Checks a whole file. If a line is not usable, the error names the first such line and the reason.
pub fn check<L: AsRef<[u8]>>(lines: impl IntoIterator<Item = L>) -> Result<Report, Refusal> {
    let mut check = Check::default();
    for line in lines {
        check.line(line.as_ref())?;
    }
    Ok(check.finish())
}

/// Converts a line into a delivery; `None` for a blank line or an event without a corresponding webhook.
pub fn convert(line: &[u8]) -> Result<Option<Delivery>, LineError> {
    if is_blank(line) {
        return Ok(None);
    }
    let event = Event::parse(line)?;
    let Some(name) = webhook_name(event.kind()) else {
        return Ok(None);
    };
    Ok(Some(Delivery {
        at: event.created_at,
        event: name,
        delivery: delivery_id(&event.id.0),
        body: body::build(name, &event)?,
        repository_id: event.repo.id,
    }))
}

fn is_blank(line: &[u8]) -> bool {
    line.trim_ascii().is_empty()
}

/// Derives a custom UUID (version 8), because versions 3 and 5 use MD5 and SHA-1.
fn delivery_id(event_id: &str) -> Uuid {
    let digest = Sha256::new().chain_update(b"gharchive event ").chain_update(event_id).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Builder::from_custom_bytes(bytes).into_uuid()
}

fn webhook_name(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "CommitCommentEvent" => "commit_comment",
        "CreateEvent" => "create",
        "DeleteEvent" => "delete",
        "DiscussionEvent" => "discussion",
        "ForkEvent" => "fork",
        "GollumEvent" => "gollum",
        "IssueCommentEvent" => "issue_comment",
        "IssuesEvent" => "issues",
        "MemberEvent" => "member",
        "PublicEvent" => "public",
        "PullRequestEvent" => "pull_request",
        "PullRequestReviewCommentEvent" => "pull_request_review_comment",
        "PullRequestReviewEvent" => "pull_request_review",
        "PullRequestReviewThreadEvent" => "pull_request_review_thread",
        "PushEvent" => "push",
        "ReleaseEvent" => "release",
        "WatchEvent" => "watch",
        _ => return None,
    })
}
