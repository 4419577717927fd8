//! Derives sizes and facts of pull requests.

use super::{
    model::{PullRequest, Review},
    stage::Sketch,
};
use testkit::{
    fake_github::ChangedFile,
    payloads::Label,
    rng::Rng,
    story::{Act, Diff},
};

/// Adds up the lines of files.
fn total(files: &[ChangedFile]) -> Diff {
    Diff {
        additions: files.iter().map(|file| file.additions).sum(),
        deletions: files.iter().map(|file| file.deletions).sum(),
        changed_files: files.len() as i64,
        head_sha: String::new(),
    }
}

impl PullRequest {
    /// Creates the pull request of a sketch without number, steps and what depends on them.
    pub(super) fn unnumbered(sketch: Sketch) -> Self {
        Self {
            id: 0,
            number: 0,
            author: sketch.author,
            repository: sketch.repository,
            scene: sketch.scene,
            association: "NONE",
            base: sketch.base.unwrap_or_else(|| String::from("main")),
            head: sketch.change.branch,
            from_fork: true,
            title: sketch.change.title,
            body: sketch.change.body,
            opening: total(&sketch.change.files),
            files: sketch.change.files,
            draft: sketch.draft,
            opened_as_draft: sketch.draft,
            opened_at: sketch.at,
            labels: Vec::new(),
            merged_at: None,
            closed_at: None,
            merged_by: None,
            reviews: Vec::new(),
            steps: sketch.steps,
        }
    }

    /// Sets the sizes of the opening and of each push: the last one has all files.
    pub(super) fn size(&mut self, rng: &mut Rng) {
        let total = self.opening.clone();
        let pushes = self.steps.iter_mut().filter_map(|step| match &mut step.act {
            Act::Synchronized(diff) => Some(diff),
            _ => None,
        });
        let mut sizes: Vec<&mut Diff> = std::iter::once(&mut self.opening).chain(pushes).collect();
        let last = sizes.len() - 1;
        for (place, size) in sizes.iter_mut().enumerate() {
            let part = 60 + 40 * place as i64 / last.max(1) as i64;
            let part = if last == 0 { 100 } else { part };
            let share = |whole: i64| (whole * part + 99) / 100;
            **size = Diff {
                additions: share(total.additions),
                deletions: share(total.deletions),
                changed_files: share(total.changed_files),
                head_sha: rng.sha(),
            };
        }
    }

    /// Derives the state at the end from the steps.
    pub(super) fn settle(&mut self) {
        for step in &self.steps {
            match &step.act {
                Act::Labeled(Label { name, .. }) if !self.labels.contains(name) => {
                    self.labels.push(name.clone());
                }
                Act::ReadyForReview => self.draft = false,
                Act::Closed => self.closed_at = Some(step.at),
                Act::Merged => {
                    (self.merged_at, self.closed_at) = (Some(step.at), Some(step.at));
                    self.merged_by = Some(step.by);
                }
                Act::Reviewed(review) => self.reviews.push(Review {
                    reviewer: step.by,
                    verdict: review.verdict,
                    at: step.at,
                    body: review.body.clone(),
                }),
                _ => {}
            }
        }
    }
}
