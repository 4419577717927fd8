use std::{
    collections::HashMap,
    convert::Infallible,
    mem,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sea_orm::sqlx::{self, PgPool, postgres::PgListener};
use tokio::sync::Notify;

use super::{
    Db,
    pool::{Options, of_driver},
};
use crate::telemetry::{news, works};

/// Wakes this process's idle jobs by topic. A lost notification is harmless because every job also polls from
/// time to time.
#[derive(Debug, Default)]
pub struct Wakes {
    topics: Mutex<HashMap<String, Arc<Notify>>>,
}

impl Wakes {
    /// Returns the notifier of a topic.
    #[must_use]
    pub fn bell(&self, topic: &str) -> Arc<Notify> {
        let mut topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bell) = topics.get(topic) {
            return Arc::clone(bell);
        }
        let bell = Arc::new(Notify::new());
        topics.insert(topic.to_owned(), Arc::clone(&bell));
        bell
    }

    /// Notifies a topic: one waiting job wakes now, or the next one does not wait.
    pub fn wake(&self, topic: &str) {
        self.bell(topic).notify_one();
    }
}

impl Db {
    /// Forwards notifications of other processes to this one's jobs until dropped. SQLite has no notifications;
    /// jobs poll.
    pub async fn listen(self) {
        let Options::Postgres(options) = self.0.writer.options() else {
            return;
        };
        // A pool of the driver, by which its listener connects again.
        let pool = of_driver(options.clone(), self.0.writer.acquire_timeout());
        let mut is_lost = false;
        loop {
            let Err(error) = self.hear(&pool, &mut is_lost).await;
            if !is_lost {
                match self.reach_postgres().await {
                    Err(error) => {
                        is_lost = true;
                        tracing::warn!(%error, "lost the connection to PostgreSQL");
                    }
                    Ok(()) => {
                        if let Some(times) = news("notifications", &error) {
                            tracing::warn!(%error, times, "cannot listen for other processes' notifications; jobs poll instead");
                        }
                    }
                }
            }
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
    }

    async fn hear(&self, pool: &PgPool, is_lost: &mut bool) -> Result<Infallible, sqlx::Error> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen("guildhall").await?;
        if mem::take(is_lost) {
            tracing::info!("connected to PostgreSQL again");
        }
        works("notifications");
        loop {
            let notification = listener.recv().await?;
            self.0.wakes.wake(notification.payload());
        }
    }
}
