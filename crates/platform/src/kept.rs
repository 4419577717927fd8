//! Answers that take long to read, kept for a short while.

use std::{fmt, future::Future, hash::Hash, sync::Arc, time::Duration};

use moka::sync::Cache;
use tokio::sync::OnceCell;

/// How long an answer is kept.
const LIFETIME: Duration = Duration::from_secs(60);
/// The maximum number of kept answers.
const MOST: u64 = 128;

/// Answers by question. Those who ask for the same at once wait for one reading. Clones share the answers.
pub struct Kept<K, V>(Cache<K, Arc<OnceCell<Arc<V>>>>);

impl<K, V> Kept<K, V>
where
    K: Hash + Eq + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// Returns the kept answer, which is at most a minute old, or reads it. It is kept only if `is_worth_it` says so, so
    /// that answers that are quick to read are always new.
    ///
    /// # Errors
    /// Those of `read`. A failure is not kept.
    pub async fn answer<E>(
        &self,
        question: K,
        is_worth_it: impl FnOnce(&V) -> bool,
        read: impl Future<Output = Result<V, E>>,
    ) -> Result<Arc<V>, E>
    where
        K: Clone,
    {
        let cell = self.0.get_with(question.clone(), Arc::default);
        let answer = cell
            .get_or_try_init(async || {
                let answer = read.await?;
                if !is_worth_it(&answer) {
                    self.0.invalidate(&question);
                }
                Ok(Arc::new(answer))
            })
            .await?;
        Ok(Arc::clone(answer))
    }
}

impl<K, V> Default for Kept<K, V>
where
    K: Hash + Eq + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    fn default() -> Self {
        Self(Cache::builder().max_capacity(MOST).time_to_live(LIFETIME).build())
    }
}

impl<K, V> Clone for Kept<K, V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K, V> fmt::Debug for Kept<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kept")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    /// Answers a number with how many times it was read, if it is kept from 10 on.
    async fn ask(
        kept: &Kept<i64, i64>,
        times: &AtomicI64,
        number: i64,
    ) -> Result<i64, &'static str> {
        let read = async {
            tokio::task::yield_now().await;
            let time = times.fetch_add(1, Ordering::SeqCst);
            match number {
                0 => Err("no answer"),
                _ => Ok(number + time),
            }
        };
        let answer = kept.answer(number, |answer| *answer >= 10, read).await?;
        Ok(*answer)
    }

    #[tokio::test]
    async fn a_large_answer_is_kept_and_a_small_one_is_read_again() {
        let (kept, times) = (Kept::default(), AtomicI64::new(0));
        assert_eq!(ask(&kept, &times, 10).await, Ok(10));
        assert_eq!(ask(&kept, &times, 10).await, Ok(10));
        assert_eq!(ask(&kept, &times, 1).await, Ok(2));
        assert_eq!(ask(&kept, &times, 1).await, Ok(3));
    }

    #[tokio::test]
    async fn those_who_ask_at_once_share_one_reading() {
        let (kept, times) = (Kept::default(), AtomicI64::new(0));
        let (one, other) = tokio::join!(ask(&kept, &times, 20), ask(&kept, &times, 20));
        assert_eq!((one, other), (Ok(20), Ok(20)));
    }

    #[tokio::test]
    async fn a_failure_is_not_kept() {
        let (kept, times) = (Kept::default(), AtomicI64::new(0));
        assert_eq!(ask(&kept, &times, 0).await, Err("no answer"));
        assert_eq!(ask(&kept, &times, 0).await, Err("no answer"));
        assert_eq!(times.load(Ordering::SeqCst), 2);
    }
}
