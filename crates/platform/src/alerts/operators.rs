use std::sync::Arc;

use chrono::TimeDelta;

use crate::{
    config::Config,
    outbox::{EMAIL, Post, SLACK, SMS},
};

/// operators: where alerts reach them.
#[derive(Clone, Debug)]
pub struct Operators {
    pub(super) post: Post,
    mailboxes: Arc<[String]>,
    phones: Arc<[String]>,
    /// Time after which the alert of a lasting incident is repeated.
    pub(super) again: TimeDelta,
}

impl Operators {
    /// As a configuration names them.
    #[must_use]
    pub fn new(config: &Config, post: &Post) -> Self {
        Self {
            post: post.clone(),
            mailboxes: config.alert_emails.clone().into(),
            phones: config.alert_phones.clone().into(),
            again: TimeDelta::hours(config.alert_again_hours),
        }
    }

    /// The operators' addresses on a channel; none when it is not set up. Slack's is a secret: its channel
    /// alone knows it.
    pub(super) fn reached(&self, channel: &str) -> Vec<String> {
        match channel {
            _ if !self.post.channels.has(channel) => Vec::new(),
            EMAIL => self.mailboxes.to_vec(),
            SMS => self.phones.to_vec(),
            SLACK => vec!["operators".to_owned()],
            _ => Vec::new(),
        }
    }
}
