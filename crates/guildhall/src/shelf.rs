//! Where the demo's letters go when no mail is set up: they are shown at `/dev/mail` and leave the machine
//! never.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::future::{BoxFuture, ready};
use kernel::Timestamp;
use platform::outbox::{Channel, Channels, EMAIL, Message, Refusal};

use crate::House;

/// Letters that are kept.
const MOST: usize = 20;

/// The latest letters, in memory.
#[derive(Clone, Debug, Default)]
pub struct Shelf(Arc<Mutex<VecDeque<Message>>>);

impl Shelf {
    /// E-mail that goes here, and nothing else.
    #[must_use]
    pub fn channels(&self) -> Arc<Channels> {
        Arc::new(Channels::new(vec![Box::new(self.clone())]))
    }

    /// E-mail that goes here, beside what is set up.
    #[must_use]
    pub fn beside(&self, house: &House) -> Arc<Channels> {
        let channels = Channels::of(&house.config, &house.context, &house.ring);
        Arc::new(channels.with(Box::new(self.clone())))
    }

    /// What was sent, the latest first.
    #[must_use]
    pub fn letters(&self) -> Vec<Message> {
        let letters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        letters.iter().cloned().collect()
    }

    fn put(&self, letter: Message) {
        let mut letters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        letters.push_front(letter);
        letters.truncate(MOST);
    }
}

impl Channel for Shelf {
    fn name(&self) -> &'static str {
        EMAIL
    }

    fn send<'a>(
        &'a self,
        letter: &'a Message,
        _: Timestamp,
    ) -> BoxFuture<'a, Result<String, Refusal>> {
        self.put(letter.clone());
        Box::pin(ready(Ok("put on the demo's shelf".to_owned())))
    }
}
