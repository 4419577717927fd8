use std::sync::Arc;

use super::{Task, WorkCount};

/// The work of the viewer of a page, as a request extension: the header, headings and rows of one answer come from one value.
#[derive(Clone, Debug, Default)]
pub struct KeptWork {
    /// The tasks, what runs out first before others.
    pub tasks: Arc<[Task]>,
    /// The number of rows by kind.
    pub counts: Arc<[WorkCount]>,
}

impl KeptWork {
    /// Counts listed tasks by kind, in the order of their kinds' first tasks.
    #[must_use]
    pub fn of(tasks: Vec<Task>) -> Self {
        let mut counts: Vec<WorkCount> = Vec::new();
        for task in &tasks {
            match counts.iter_mut().find(|count| count.kind.code == task.kind.code) {
                Some(count) => count.count += 1,
                None => counts.push(WorkCount { kind: task.kind, count: 1 }),
            }
        }
        Self { tasks: tasks.into(), counts: counts.into() }
    }

    /// Returns the number of all rows.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.counts.iter().map(|count| count.count).sum()
    }

    /// Returns whether a task says what a notice of a kind with the same code says, which leads to the same page.
    #[must_use]
    pub fn says(&self, code: &str, address: &str) -> bool {
        let is_same = |task: &Task| task.kind.code == code && page(&task.address) == page(address);
        self.tasks.iter().any(is_same)
    }
}

/// Returns an address without the part of its page.
fn page(address: &str) -> &str {
    address.split('#').next().unwrap_or_default()
}
