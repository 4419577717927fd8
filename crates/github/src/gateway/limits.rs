use std::sync::{Mutex, PoisonError};

use kernel::Timestamp;
use platform::outside::Circuit;

use super::ApiError;

/// The limits of one token, which all clients with the token share.
#[derive(Debug, Default)]
pub(super) struct Limits {
    pub(super) circuit: Circuit,
    /// When the next request is possible, after a limit was reached.
    paused_until: Mutex<Option<Timestamp>>,
}

impl Limits {
    /// Refuses a request while GitHub fails or a limit lasts.
    pub(super) fn may_call(&self, now: Timestamp) -> Result<(), ApiError> {
        if let Some(wait) = self.circuit.open_for(now) {
            let error = format!(
                "it failed repeatedly; the next request is in {} s",
                wait.as_secs()
            );
            return Err(ApiError::Unavailable(error));
        }
        let until = *self
            .paused_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match until.and_then(|until| (until - now).to_std().ok()) {
            Some(wait) if !wait.is_zero() => Err(ApiError::Limited(wait)),
            _ => Ok(()),
        }
    }

    pub(super) fn pause(&self, until: Timestamp) {
        let mut paused = self
            .paused_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *paused = Some(until);
    }
}
