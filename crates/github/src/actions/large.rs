use tokio::sync::{Semaphore, SemaphorePermit};

/// The size above which bodies are large, in bytes.
pub(super) const LARGE: i64 = 1 << 20;

static TURN: Semaphore = Semaphore::const_new(1);

/// Waits for the turn of a large body until no other is being stored or read, because either takes several times its
/// size. Small bodies need no turn.
pub async fn turn(bytes: i64) -> Option<SemaphorePermit<'static>> {
    match bytes > LARGE {
        // The semaphore is never closed.
        true => TURN.acquire().await.ok(),
        false => None,
    }
}
