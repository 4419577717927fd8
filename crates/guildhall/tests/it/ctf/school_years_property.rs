//! Archived years stay as they are through all changes to competitors and rosters, and everyone is on one roster of a
//! school year.

use std::collections::BTreeMap;

use ctf::{
    actions::{
        NewYear, archive_roster, create_roster, erase_competitor, move_competitor,
        remove_competitor, reopen_roster, start_school_year,
    },
    model::{CompetitorId, RosterId},
    reads,
    rules::rosters::{RosterInput, next_school_year},
};
use platform::{ActionError, audit::Actor::Operator};
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};

use super::{figures::Solve, scene::owls};
use crate::app::TestApp;

/// Something that happens. The numbers choose a roster and a competitor of those that there are by then.
#[derive(Clone, Copy, Debug)]
enum Step {
    Add {
        roster: usize,
        grade: i64,
    },
    Move {
        competitor: usize,
        roster: usize,
    },
    Leave(usize),
    Solve {
        competitor: usize,
        points: i64,
    },
    Correct,
    Archive(usize),
    /// Every competitor whose place is in the mask continues.
    NextYear {
        roster: usize,
        mask: u8,
    },
    Reopen(usize),
    Erase(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let number = || 0..8_usize;
    prop_oneof![
        4 => (number(), 8..14_i64).prop_map(|(roster, grade)| Step::Add { roster, grade }),
        3 => (number(), number())
            .prop_map(|(competitor, roster)| Step::Move { competitor, roster }),
        1 => number().prop_map(Step::Leave),
        3 => (number(), 1..500_i64)
            .prop_map(|(competitor, points)| Step::Solve { competitor, points }),
        1 => Just(Step::Correct),
        1 => number().prop_map(Step::Archive),
        3 => (number(), any::<u8>()).prop_map(|(roster, mask)| Step::NextYear { roster, mask }),
        2 => number().prop_map(Step::Reopen),
        1 => number().prop_map(Step::Erase),
    ]
}

/// The rosters and competitors of a case, and what archived rosters showed when their year ended.
#[derive(Default)]
struct World {
    rosters: Vec<RosterId>,
    competitors: Vec<CompetitorId>,
    archived: BTreeMap<RosterId, Vec<String>>,
}

/// Returns whether an action was done. One may be refused, and must not fail.
fn done<T>(outcome: Result<T, ActionError>) -> Option<T> {
    match outcome {
        Ok(value) => Some(value),
        Err(ActionError::Refused(_)) => None,
        Err(error) => panic!("{error}"),
    }
}

/// Cuts the name and the grade from the rows of a file, which erasure removes, and sorts them.
fn without_names(file: &str) -> Vec<String> {
    let cut = |line: &str| line.split(',').skip(3).collect::<Vec<_>>().join(",");
    let mut lines: Vec<String> = file.lines().map(cut).collect();
    lines.sort();
    lines
}

impl World {
    async fn new(app: &TestApp) -> Self {
        let coach = app.coach_of("coach").await;
        let mut world = Self::default();
        for school_year in ["2026/27", "2026/27", "2027/28"] {
            let input = RosterInput { school_year: school_year.to_owned(), ..owls() };
            let made = create_roster(app.context(), &coach, &input).await;
            world.rosters.push(made.expect("a roster"));
        }
        world
    }

    fn roster(&self, number: usize) -> RosterId {
        self.rosters[number % self.rosters.len()]
    }

    fn competitor(&self, number: usize) -> Option<CompetitorId> {
        let index = number.checked_rem(self.competitors.len())?;
        self.competitors.get(index).copied()
    }

    async fn texts(&self, app: &TestApp, roster: RosterId) -> Vec<String> {
        let browser = app.browser_of("coach").await;
        let mut texts = Vec::new();
        for file in ["dashboard.csv?days=90", "competitors.csv"] {
            let page = browser.get(&format!("/ctf/rosters/{roster}/{file}")).await;
            assert_eq!(page.status, 200, "{}", page.text);
            texts.push(page.text);
        }
        texts
    }

    async fn keep(&mut self, app: &TestApp, roster: RosterId) {
        let texts = self.texts(app, roster).await;
        self.archived.insert(roster, texts);
    }

    async fn take(&mut self, app: &TestApp, step: Step) -> Result<(), TestCaseError> {
        let context = app.context();
        match step {
            Step::Add { roster, grade } => {
                let roster = self.roster(roster);
                if !self.archived.contains_key(&roster) {
                    let first = format!("Ada{}", self.competitors.len());
                    let id = app.graded(roster, &first, &grade.to_string()).await;
                    self.competitors.push(id);
                }
            }
            Step::Archive(roster) => {
                let roster = self.roster(roster);
                if done(archive_roster(context, Operator, roster).await).is_some() {
                    self.keep(app, roster).await;
                }
            }
            Step::NextYear { roster, mask } => self.next_year(app, self.roster(roster), mask).await,
            Step::Reopen(roster) => self.reopen(app, self.roster(roster)).await,
            Step::Correct => {
                let sql = "UPDATE game_platform_challenge_solves SET points = points + 1";
                app.change(sql).await.expect("corrected");
            }
            Step::Move { competitor, roster } => {
                if let Some(id) = self.competitor(competitor) {
                    done(move_competitor(context, Operator, id, self.roster(roster)).await);
                }
            }
            Step::Leave(competitor) => {
                if let Some(id) = self.competitor(competitor) {
                    done(remove_competitor(context, Operator, id).await);
                }
            }
            Step::Solve { competitor, points } => {
                if let Some(id) = self.competitor(competitor) {
                    app.solved(id, Solve::new("Salted Harbor", "web", points, 1)).await;
                }
            }
            Step::Erase(competitor) => {
                if let Some(id) = self.competitor(competitor) {
                    self.erase(app, id).await?;
                }
            }
        }
        app.clock.advance(chrono::TimeDelta::hours(7));
        Ok(())
    }

    async fn next_year(&mut self, app: &TestApp, roster: RosterId, mask: u8) {
        let view = reads::roster(&app.context().db, roster).await.expect("read");
        let chosen = self.competitors.iter().enumerate();
        let chosen = chosen.filter(|(index, _)| (mask >> (index % 8)) & 1 == 1);
        let new = NewYear {
            name: "Owls".to_owned(),
            school_year: next_school_year(&view.expect("a roster").school_year),
            competitors: chosen.map(|(_, id)| *id).collect(),
        };
        let started = start_school_year(app.context(), Operator, roster, &new).await;
        if let Some(started) = done(started) {
            self.rosters.push(started.roster);
            self.keep(app, roster).await;
        }
    }

    async fn reopen(&mut self, app: &TestApp, roster: RosterId) {
        if done(reopen_roster(app.context(), Operator, roster).await).is_none() {
            return;
        }
        self.archived.remove(&roster);
        let mut left = Vec::new();
        for id in &self.rosters {
            if reads::roster(&app.context().db, *id).await.expect("read").is_some() {
                left.push(*id);
            }
        }
        self.rosters = left;
    }

    /// Erases a competitor: of the archived years, only names and grades may change.
    async fn erase(&mut self, app: &TestApp, id: CompetitorId) -> Result<(), TestCaseError> {
        self.check_archives(app).await?;
        erase_competitor(app.context(), Operator, id).await.expect("erased");
        for (roster, before) in self.archived.clone() {
            let after = self.texts(app, roster).await;
            prop_assert_eq!(without_names(&after[0]), without_names(&before[0]));
            self.archived.insert(roster, after);
        }
        Ok(())
    }

    async fn check_archives(&self, app: &TestApp) -> Result<(), TestCaseError> {
        for (roster, kept) in &self.archived {
            prop_assert_eq!(&self.texts(app, *roster).await, kept);
        }
        Ok(())
    }
}

/// Counts the competitors who are on an open roster without being enrolled there, and the enrollments of others.
async fn check_enrollments(app: &TestApp) -> Result<(), TestCaseError> {
    let present = "p.left_at IS NULL AND p.erased_at IS NULL AND r.archived_at IS NULL";
    let missing = format!(
        "SELECT count(*) FROM competitors p JOIN rosters r ON r.id = p.roster_id WHERE {present} AND NOT EXISTS \
         (SELECT 1 FROM ctf_enrollments n WHERE n.competitor_id = p.id AND n.roster_id = r.id AND n.kept_at IS NULL)"
    );
    let wrong = format!(
        "SELECT count(*) FROM ctf_enrollments n JOIN competitors p ON p.id = n.competitor_id \
         JOIN rosters r ON r.id = p.roster_id \
         WHERE n.kept_at IS NULL AND NOT (n.roster_id = r.id AND {present} \
         AND n.year = CAST(substr(r.school_year, 1, 4) AS bigint))"
    );
    let twice = "SELECT count(*) FROM (SELECT n.competitor_id FROM ctf_enrollments n \
                 GROUP BY n.competitor_id, n.year HAVING count(*) > 1) t";
    for sql in [&missing, &wrong, twice] {
        prop_assert_eq!(app.count(sql).await, 0, "{}", sql);
    }
    Ok(())
}

async fn check(app: &TestApp, steps: Vec<Step>) -> Result<(), TestCaseError> {
    let mut world = World::new(app).await;
    for step in steps {
        world.take(app, step).await?;
        check_enrollments(app).await?;
    }
    world.check_archives(app).await
}

#[test]
fn archived_years_never_change_and_no_one_is_enrolled_twice() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let app = runtime.block_on(async {
        let app = TestApp::start().await;
        app.coach("coach").await;
        app
    });
    let config = Config { cases: 12, failure_persistence: None, ..Config::default() };
    // All cases share one database; each has its own rosters and competitors.
    let outcome = TestRunner::new(config)
        .run(&prop::collection::vec(step(), 6..20), |steps| runtime.block_on(check(&app, steps)));
    if let Err(error) = outcome {
        panic!("{error}");
    }
    runtime.block_on(app.finish());
}
