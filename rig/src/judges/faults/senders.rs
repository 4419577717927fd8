use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use tokio::task::JoinSet;

use crate::{
    bench::payload::{Statement, day_of, repository_name, slim_body},
    deliveries::{Delivery, id},
    http::Connection,
    installation::{Installation, SECRET},
};

/// GitHub IDs of the repositories in the deliveries.
const REPOSITORIES: std::ops::RangeInclusive<u64> = 1..=4;
const SENDERS: usize = 4;
/// The pause before a refused delivery is sent again.
const REST: Duration = Duration::from_millis(20);

/// Sends deliveries, each until it is acknowledged.
pub(super) struct Senders {
    tasks: JoinSet<Result<()>>,
    course: Arc<Course>,
}

struct Course {
    run: &'static str,
    next: AtomicU64,
    count: u64,
    refused: AtomicU64,
    acknowledged: Mutex<BTreeSet<String>>,
}

/// Creates the repositories of the deliveries.
pub(super) fn furnish(installation: &Installation) -> Result<()> {
    installation.command(&["migrate", "up", "--create"])?;
    installation.command(&["project", "create", "--name", "season"])?;
    for repository in REPOSITORIES {
        let (name, id) = (repository_name(repository), repository.to_string());
        installation.command(&["repo", "add", &name, "--project", "season", "--github-id", &id])?;
    }
    Ok(())
}

impl Senders {
    /// Starts sending `count` deliveries to the servers at these ports.
    pub(super) fn start(run: &'static str, count: u64, ports: &[u16]) -> Self {
        let course = Arc::new(Course {
            run,
            next: AtomicU64::new(0),
            count,
            refused: AtomicU64::new(0),
            acknowledged: Mutex::default(),
        });
        let mut tasks = JoinSet::new();
        for sender in 0..SENDERS {
            tasks.spawn(send(Arc::clone(&course), ports[sender % ports.len()]));
        }
        Self { tasks, course }
    }

    /// Returns the deliveries acknowledged so far.
    pub(super) fn acknowledged(&self) -> BTreeSet<String> {
        self.course.acknowledged().clone()
    }

    /// Returns how often a server reported that a delivery was not stored, or did not answer.
    pub(super) fn refused(&self) -> u64 {
        self.course.refused.load(Ordering::SeqCst)
    }

    /// Waits until `count` deliveries are acknowledged.
    pub(super) async fn reach(&mut self, count: u64) -> Result<()> {
        while (self.course.acknowledged().len() as u64) < count.min(self.course.count) {
            if let Some(Ok(ended)) = self.tasks.try_join_next() {
                ended?;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Ok(())
    }

    /// Waits until all deliveries are acknowledged.
    pub(super) async fn finish(&mut self) -> Result<()> {
        while let Some(ended) = self.tasks.join_next().await {
            ended.context("a sender panicked")??;
        }
        Ok(())
    }
}

impl Course {
    fn acknowledged(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        let acknowledged = self.acknowledged.lock();
        acknowledged.unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns a delivery's ID and complete request: even numbers open a pull request, odd ones merge it.
    fn request(&self, number: u64) -> (String, Vec<u8>) {
        let pull = number / 2;
        let body = slim_body(Statement {
            repository: REPOSITORIES.start() + pull % REPOSITORIES.end(),
            number: 1 + pull,
            author: pull % 7,
            day: day_of(1 + pull % 10, 1 + pull),
            merged: number % 2 == 1,
        });
        let id = id(self.run, number);
        let request = Delivery { event: "pull_request", id: &id, body: &body }.request(SECRET);
        (id, request)
    }
}

async fn send(course: Arc<Course>, port: u16) -> Result<()> {
    let mut connection = None;
    loop {
        let number = course.next.fetch_add(1, Ordering::SeqCst);
        if number >= course.count {
            return Ok(());
        }
        let (id, request) = course.request(number);
        while !acknowledged(&mut connection, port, &request).await? {
            course.refused.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(REST).await;
        }
        course.acknowledged().insert(id);
    }
}

/// Returns whether a delivery was acknowledged. Otherwise the response must say that it was not stored.
async fn acknowledged(held: &mut Option<Connection>, port: u16, request: &[u8]) -> Result<bool> {
    let mut connection = match held.take() {
        Some(connection) => connection,
        None => match Connection::open(port).await {
            Ok(connection) => connection,
            Err(_) => return Ok(false),
        },
    };
    let Ok(answer) = connection.send(request).await else {
        return Ok(false);
    };
    let said = String::from_utf8_lossy(&answer.body);
    ensure!(
        matches!(answer.status, 202 | 503),
        "a delivery was answered {}: {said}",
        answer.status
    );
    *held = Some(connection);
    Ok(answer.status == 202)
}
