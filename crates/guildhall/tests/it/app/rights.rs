//! Random histories of rights: after each step, no one reaches by a link, a code or a token from before what its owner
//! does not reach by signing in. `RIGHTS_SEED=7 cargo test -p guildhall --test it rights` repeats the histories of a
//! printed seed.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use identity::model::Device;
use testkit::rng::Rng;

use super::{
    TestApp,
    browser::{Browser, SESSION},
};

/// The number of steps of a history.
const STEPS: u64 = 24;

/// The seeds of each run.
const SEEDS: [u64; 3] = [1, 2, 3];

/// The pages and data that people can reach in one part of the product, and how that changes.
pub(crate) trait Rights: Sized {
    async fn begin(app: &TestApp) -> Self;

    /// Changes rights, or makes or uses a link, a code or a token. Returns what was done.
    async fn step(&mut self, app: &TestApp, rng: &mut Rng) -> String;

    /// Returns what is reached, and what of it goes beyond the present rights.
    async fn look(&mut self, app: &TestApp) -> Reached;
}

#[derive(Default)]
pub(crate) struct Reached {
    /// The number of links, codes and tokens that work.
    pub(crate) working: usize,
    /// The working ones that must not work.
    pub(crate) beyond: Vec<String>,
}

impl Reached {
    /// Counts something that works, which `is_due` says whether it may.
    pub(crate) fn add(&mut self, is_due: bool, what: impl FnOnce() -> String) {
        self.working += 1;
        if !is_due {
            self.beyond.push(what());
        }
    }
}

/// The sessions of people from before all changes.
pub(crate) struct Sessions(BTreeMap<&'static str, String>);

impl Sessions {
    pub(crate) async fn of(app: &TestApp, logins: &[&'static str]) -> Self {
        let mut sessions = BTreeMap::new();
        for login in logins {
            sessions.insert(*login, app.signed_in(login, &Device::default()).await);
        }
        Self(sessions)
    }

    pub(crate) fn browser<'a>(&self, app: &'a TestApp, login: &str) -> Browser<'a> {
        let browser = Browser::new(app);
        browser.set_cookie(SESSION, &self.0[login]);
        browser
    }

    /// Returns whether a person who signs in can open a page.
    pub(crate) async fn opens(&self, app: &TestApp, login: &str, path: &str) -> bool {
        self.browser(app, login).get(path).await.status == 200
    }
}

/// Walks a history; returns how often something worked, or what went wrong after which steps.
async fn walk<R: Rights>(seed: u64, steps: &[u64]) -> Result<usize, String> {
    let app = TestApp::start().await;
    let mut rights = R::begin(&app).await;
    let (mut said, mut working) = (Vec::new(), 0);
    for step in steps {
        app.clock.advance(TimeDelta::minutes(2));
        said.push(rights.step(&app, &mut Rng::part(seed, *step)).await);
        app.work().await;
        let reached = rights.look(&app).await;
        working += reached.working;
        if !reached.beyond.is_empty() {
            app.abandon().await;
            return Err(format!("{}\n=> {}", said.join("\n"), reached.beyond.join("\n=> ")));
        }
    }
    app.finish().await;
    Ok(working)
}

/// Leaves out the steps without which a history goes wrong as well; returns what is left of it.
async fn shortest<R: Rights>(seed: u64, mut steps: Vec<u64>, mut wrong: String) -> String {
    for step in steps.clone() {
        let fewer: Vec<u64> = steps.iter().copied().filter(|other| *other != step).collect();
        if let Err(error) = walk::<R>(seed, &fewer).await {
            (steps, wrong) = (fewer, error);
        }
    }
    wrong
}

/// Walks a history of each seed.
pub(crate) async fn hold<R: Rights>() {
    let seeds = match std::env::var("RIGHTS_SEED") {
        Ok(seed) => vec![seed.parse().expect("a number")],
        Err(_) => SEEDS.to_vec(),
    };
    let mut working = 0;
    for seed in seeds {
        let steps: Vec<u64> = (0..STEPS).collect();
        match walk::<R>(seed, &steps).await {
            Ok(count) => working += count,
            Err(wrong) => {
                let shortest = shortest::<R>(seed, steps, wrong).await;
                panic!("RIGHTS_SEED={seed}\n{shortest}");
            }
        }
    }
    assert!(working > 0, "nothing worked in any history");
}
