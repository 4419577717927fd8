//! The tasks that read from the replica.

use std::cell::Cell;

tokio::task_local! {
    /// True while the task reads from the replica.
    static IS_CHOSEN: Cell<bool>;
}

/// Runs `work`, whose reads outside a transaction go to the replica until it begins one that may write.
pub(crate) async fn on_replica<T>(work: impl Future<Output = T>) -> T {
    IS_CHOSEN.scope(Cell::new(true), work).await
}

/// Returns true if this task reads from the replica.
pub(in crate::db) fn is_chosen() -> bool {
    IS_CHOSEN.try_with(Cell::get).unwrap_or(false)
}

/// Lets this task read from the primary from now on.
pub(in crate::db) fn leave() {
    IS_CHOSEN.try_with(|is_chosen| is_chosen.set(false)).ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_that_writes_leaves_the_replica() {
        assert!(!is_chosen());
        leave();
        let seen = on_replica(async {
            let before = is_chosen();
            let spawned = tokio::spawn(async { is_chosen() }).await.expect("an end");
            leave();
            (before, spawned, is_chosen())
        });
        assert_eq!(seen.await, (true, false, false));
        assert!(!is_chosen());
    }
}
