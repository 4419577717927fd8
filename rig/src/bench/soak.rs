//! (j) What a busy season does, for hours: deliveries, pages and syncs. Memory, the write-ahead log and the answers must stay as
//! they are.

use std::{
    cell::RefCell,
    fs,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use serde_json::json;

use super::{
    Ground, Options,
    live::{RATE, Stream},
    numbers,
    proc::{self, Meter},
    report::{Bound, Promise, Report},
    rosters::{Scene, synced},
};
use crate::{http::Connection, installation::Serving};

/// Pages per second.
const PAGES: u32 = 20;
const COMPETITORS: u32 = 500;
/// The parts of the time that are compared. The first third of them is the time in which caches fill.
const WINDOWS: u32 = 12;
const SYNCS_PER_HOUR: u32 = 5;
const LOOKS_EVERY: Duration = Duration::from_secs(2);
/// How much larger the last third may be than the second one.
const GROWTH: f64 = 1.15;
/// The pages that SQLite's connections keep at most, in MiB: 64 of the writer and 8 of each of five others.
const PAGES_KEPT: f64 = 104.0;
/// The largest write-ahead log, in MiB: twice the size from which SQLite writes it back.
const LOG: f64 = 64.0;
/// The longest that 99 of 100 pages may take in the last third, in milliseconds.
const PAGE: f64 = 100.0;

/// The observations of a part of the time.
#[derive(Clone, Debug, Default)]
struct Window {
    /// The durations of pages in milliseconds.
    pages: Vec<f64>,
    /// The least and the most memory without mapped files, in MiB: the server frees the pages of its writer each minute.
    memory: Option<(f64, f64)>,
    /// The largest write-ahead log, in MiB.
    log: f64,
    syncs: u32,
    /// The processor time of the server, in seconds.
    cpu: f64,
}

/// Measures on SQLite, where the server does all work itself.
pub(super) async fn run(ground: &Ground<'_>, options: &Options, report: &mut Report) -> Result<()> {
    let time = Duration::from_secs(60 * u64::from(options.minutes));
    let (scene, _) = Scene::open(ground, COMPETITORS, None).await?;
    let serving = scene.installation.serve(&[]).await?;
    let stream = Stream::of(&scene.installation).await?;
    let soak = Soak { scene: &scene, serving: &serving, start: Instant::now(), time };
    let windows = RefCell::new(vec![Window::default(); WINDOWS as usize]);
    let work = async {
        tokio::try_join!(soak.pages(&windows), soak.syncs(&windows), soak.looks(&windows))
    };
    stream.during(serving.port, work).await?;
    stream.expect_processed(&scene.installation).await?;
    drop(serving);
    scene.installation.quietly(&["ledger", "verify"])?;
    let windows = windows.into_inner();
    let title = format!(
        "(j) {} minutes with {RATE} deliveries and {PAGES} pages a second, {SYNCS_PER_HOUR} syncs of {COMPETITORS} \
         competitors an hour, on SQLite",
        options.minutes
    );
    report.section(&title, &table(&windows));
    report.promises(&promises(&windows));
    Ok(())
}

struct Soak<'a> {
    scene: &'a Scene<'a>,
    serving: &'a Serving,
    start: Instant,
    time: Duration,
}

impl Soak<'_> {
    /// Returns the window of now; `None` at the end.
    fn window(&self) -> Option<usize> {
        let passed = self.start.elapsed();
        let share = passed.as_secs_f64() / self.time.as_secs_f64();
        (passed < self.time).then_some((share * f64::from(WINDOWS)) as usize)
    }

    async fn pages(&self, windows: &RefCell<Vec<Window>>) -> Result<()> {
        let paths = [
            "/",
            "/leaderboards",
            "/projects",
            "/api/v1/leaderboards/global?limit=100",
            "/projects/bench",
            "/api/health",
        ];
        let mut connection = Connection::open(self.serving.port).await?;
        let mut tick = tokio::time::interval(Duration::from_secs(1) / PAGES);
        for path in paths.iter().cycle() {
            tick.tick().await;
            let Some(window) = self.window() else { break };
            let start = Instant::now();
            let answer = connection.get(path).await?;
            let took = start.elapsed().as_secs_f64() * 1e3;
            ensure!(answer.status < 400, "{path} was answered {}", answer.status);
            windows.borrow_mut()[window].pages.push(took);
        }
        Ok(())
    }

    /// Syncs everyone regularly; one of five competitors has new solves each time.
    async fn syncs(&self, windows: &RefCell<Vec<Window>>) -> Result<()> {
        let people = self.scene.people().await?;
        let mut tick = tokio::time::interval(Duration::from_secs(3600) / SYNCS_PER_HOUR);
        loop {
            let rest = self.time.saturating_sub(self.start.elapsed());
            if tokio::time::timeout(rest, tick.tick()).await.is_err() {
                return Ok(());
            }
            for person in people.iter().step_by(5) {
                let solves = json!({ "syned_user_id": person, "count": 1 });
                self.scene.platform.change("/_solves", &solves).await?;
            }
            synced(self.serving.port).await?;
            if let Some(window) = self.window() {
                windows.borrow_mut()[window].syncs += 1;
            }
        }
    }

    async fn looks(&self, windows: &RefCell<Vec<Window>>) -> Result<()> {
        let process = self.serving.daemon.pid();
        let log = self.scene.installation.data.join("guildhall.db-wal");
        let meter = Meter::of(&self.serving.daemon, None);
        let mut before = meter.read();
        while let Some(number) = self.window() {
            let used = meter.read();
            let (cpu, _) = used.since(before, 1e6);
            before = used;
            let size = fs::metadata(&log).map_or(0, |log| log.len());
            let memory = proc::own(process)?;
            {
                let window = &mut windows.borrow_mut()[number];
                window.cpu += cpu;
                let (least, most) = window.memory.unwrap_or((memory, memory));
                window.memory = Some((least.min(memory), most.max(memory)));
                window.log = window.log.max(size as f64 / 1024.0 / 1024.0);
            }
            tokio::time::sleep(LOOKS_EVERY).await;
        }
        Ok(())
    }
}

impl Window {
    /// Returns the milliseconds below which a share of the pages stayed.
    fn page(&self, share: f64) -> f64 {
        let mut pages = self.pages.clone();
        pages.sort_by(f64::total_cmp);
        numbers::at(&pages, share)
    }
}

fn table(windows: &[Window]) -> Vec<String> {
    let head = "| part | pages | median | p99 | memory | write-ahead log | syncs | CPU |\n|---|---|---|---|---|---|---|---|";
    let line = |(number, window): (usize, &Window)| {
        let (least, most) = window.memory.unwrap_or_default();
        format!(
            "| {} | {} | {:.2} ms | {:.1} ms | {:.0} to {:.0} MiB | {:.1} MiB | {} | {:.1} s |",
            number + 1,
            window.pages.len(),
            window.page(0.5),
            window.page(0.99),
            least,
            most,
            window.log,
            window.syncs,
            window.cpu
        )
    };
    let lines = windows.iter().enumerate().map(line);
    std::iter::once(head.to_owned()).chain(lines).collect()
}

/// Compares the last third with the second one.
fn promises(windows: &[Window]) -> [Promise; 4] {
    let third = windows.len() / 3;
    let (second, last) = (&windows[third..2 * third], &windows[2 * third..]);
    let mean = |windows: &[Window], of: &dyn Fn(&Window) -> f64| {
        windows.iter().map(of).sum::<f64>() / windows.len() as f64
    };
    let memory = |window: &Window| window.memory.unwrap_or_default().0;
    let most = |window: &Window| window.memory.unwrap_or_default().1;
    let promise = |what: &str, figure, unit, most, of: &str| Promise {
        what: what.to_owned(),
        figure,
        unit,
        bound: Bound::AtMost(most),
        of: of.to_owned(),
    };
    let log = windows.iter().map(|window| window.log).fold(0.0, f64::max);
    [
        promise(
            "memory in the last third, after pages are freed",
            mean(last, &memory),
            "MiB",
            GROWTH * mean(second, &memory),
            "1.15 × the second third",
        ),
        promise(
            "most memory besides that",
            mean(last, &most) - mean(last, &memory),
            "MiB",
            PAGES_KEPT,
            "the caches of SQLite's connections",
        ),
        promise("largest write-ahead log", log, "MiB", LOG, "fixed"),
        promise(
            "99 of 100 pages in the last third",
            mean(last, &|window| window.page(0.99)),
            "ms",
            PAGE,
            "fixed",
        ),
    ]
}
