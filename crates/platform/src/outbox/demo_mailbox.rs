//! Email of the demo, which has no mail server: stored in memory, shown at `/dev/mail`, and never sent.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::future::{BoxFuture, ready};
use kernel::Timestamp;

use super::{Channel, Channels, EMAIL, Message, Refusal};
use crate::module::Services;

/// The number of emails to keep.
const MOST: usize = 20;

/// The latest emails, in memory.
#[derive(Clone, Debug, Default)]
pub struct DemoMailbox(Arc<Mutex<VecDeque<Message>>>);

impl DemoMailbox {
    /// Returns channels with this mailbox alone.
    #[must_use]
    pub fn channels(&self) -> Arc<Channels> {
        Arc::new(Channels::new(vec![Box::new(self.clone())]))
    }

    /// Returns the configured channels with this mailbox for email.
    #[must_use]
    pub fn beside(&self, services: &Services) -> Arc<Channels> {
        let channels = Channels::of(&services.config, &services.context, &services.ring);
        Arc::new(channels.with(Box::new(self.clone())))
    }

    /// Returns the emails, newest first.
    #[must_use]
    pub fn emails(&self) -> Vec<Message> {
        let emails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        emails.iter().cloned().collect()
    }

    fn put(&self, email: Message) {
        let mut emails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        emails.push_front(email);
        emails.truncate(MOST);
    }
}

impl Channel for DemoMailbox {
    fn name(&self) -> &'static str {
        EMAIL
    }

    fn send<'a>(
        &'a self,
        email: &'a Message,
        _: Timestamp,
    ) -> BoxFuture<'a, Result<String, Refusal>> {
        self.put(email.clone());
        Box::pin(ready(Ok("stored in the demo mailbox".to_owned())))
    }
}
