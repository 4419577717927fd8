use std::sync::Arc;

use chrono::TimeDelta;

use super::{
    Severity,
    routes::{concern, routes},
};
use crate::{
    config::{AlertChannels, Config},
    outbox::{EMAIL, Post, SLACK, SMS},
};

/// The operators, and their addresses for alerts.
#[derive(Clone, Debug)]
pub struct Operators {
    pub(super) post: Post,
    mailboxes: Arc<[String]>,
    phones: Arc<[String]>,
    channels: Arc<AlertChannels>,
    /// The people to turn to in an incident, in a line for each that is set: "Operations: ops@guild.example".
    pub(super) contacts: Arc<[String]>,
    /// The time after which the alert of a lasting incident is repeated.
    pub(super) again: TimeDelta,
}

impl Operators {
    /// Reads the operators from the configuration.
    #[must_use]
    pub fn new(config: &Config, post: &Post) -> Self {
        Self {
            post: post.clone(),
            mailboxes: config.alert_emails.clone().into(),
            phones: config.alert_phones.clone().into(),
            channels: config.alert_channels.clone().into(),
            contacts: config
                .incident_contacts()
                .map(|(name, contact)| format!("{name}: {}", contact.text()))
                .collect(),
            again: TimeDelta::hours(config.alert_again_hours),
        }
    }

    /// Returns the channels of an alert that have an address.
    pub(super) fn routes(
        &self,
        kind: &str,
        subject: &str,
        severity: Severity,
    ) -> Vec<&'static str> {
        let mut set = vec![SLACK, EMAIL, SMS];
        set.retain(|channel| !self.reached(channel).is_empty());
        routes(self.channels.of(kind, severity), &set, concern(kind, subject))
    }

    /// Returns the channels of an alert with each address.
    pub(super) fn addresses(
        &self,
        kind: &str,
        subject: &str,
        severity: Severity,
    ) -> impl Iterator<Item = (&'static str, String)> {
        let of = move |name: &'static str| {
            self.reached(name).into_iter().map(move |recipient| (name, recipient))
        };
        self.routes(kind, subject, severity).into_iter().flat_map(of)
    }

    /// Returns the operators' addresses on a channel, or none if it is not configured. Slack's webhook URL is a
    /// secret that only its channel knows, so a placeholder stands for it.
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
