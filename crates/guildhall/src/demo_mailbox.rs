//! Where the demo's letters go when no mail is set up: they are shown at `/dev/mail` and leave the machine
//! never.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::future::{BoxFuture, ready};
use kernel::Timestamp;
use platform::outbox::{Channel, Channels, EMAIL, Message, Refusal};

use crate::App;

/// Letters that are kept.
const MOST: usize = 20;

/// The latest letters, in memory.
#[derive(Clone, Debug, Default)]
pub struct DemoMailbox(Arc<Mutex<VecDeque<Message>>>);

impl DemoMailbox {
    /// E-mail that goes here, and nothing else.
    #[must_use]
    pub fn channels(&self) -> Arc<Channels> {
        Arc::new(Channels::new(vec![Box::new(self.clone())]))
    }

    /// E-mail that goes here, beside what is set up.
    #[must_use]
    pub fn beside(&self, app: &App) -> Arc<Channels> {
        let channels = Channels::of(&app.config, &app.context, &app.ring);
        Arc::new(channels.with(Box::new(self.clone())))
    }

    /// What was sent, the latest first.
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
        Box::pin(ready(Ok("put on the demo's shelf".to_owned())))
    }
}
