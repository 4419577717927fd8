use futures_util::future::BoxFuture;
use uuid::Uuid;

use super::{
    JobError,
    store::{claimed, worked},
    worker::{Progress, Worker},
};
use crate::{Context, db::Tx};

/// Handles one object of a topic in the transaction; `S` is the state it needs besides the context.
pub type Action<S, E> =
    for<'a> fn(&'a mut Tx, &'a Context, &'a S, Uuid) -> BoxFuture<'a, Result<(), E>>;

impl Worker {
    /// Creates a worker that passes the objects of a topic's wake-ups to `action`, a batch per transaction.
    /// `state` is what `action` needs besides the context.
    pub fn for_each<S, E>(
        name: &'static str,
        topic: &'static str,
        state: S,
        action: Action<S, E>,
    ) -> Self
    where
        S: Clone + Send + Sync + 'static,
        E: Into<JobError> + Send + 'static,
    {
        Self::new(name, topic, move |context: Context, _| {
            let state = state.clone();
            async move {
                let Some((mut tx, wake_ups)) = claimed(&context, topic).await? else {
                    return Ok(Progress::Idle);
                };
                for wake_up in &wake_ups {
                    let done = action(&mut tx, &context, &state, wake_up.object_id).await;
                    done.map_err(Into::into)?;
                }
                Ok(worked(tx, &wake_ups).await?)
            }
        })
    }
}
