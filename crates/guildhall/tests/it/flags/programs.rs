//! Programs that are off: their pages and their API do not exist, no link leads to them, and what people are owed stays open.

use std::collections::BTreeSet;

use guildhall::MODULES;
use platform::{
    flags::Flag,
    module::{Module, Program},
};

use super::{set, to};
use crate::{
    app::{
        TestApp,
        browser::{Answer, Browser},
    },
    auth::{matrix, objects, routes, rows},
};

/// Parts of the paths that stay open while a program is off, by its flag. Friends and rewards have flags of their own, and
/// calendars ask for the flag of their person.
const STAYS: [(&str, &[&str]); 4] = [
    ("contributions", &["/me/standing", "/disputes"]),
    ("hackathons", &["/friends", "/rewards", "/redemptions", "/hackathon-calendars/"]),
    ("ctf", &["/ctf/links/"]),
    ("discovery", &[]),
];

/// Declarations of programs that have not their flag.
const WITHOUT: [&str; 7] = [
    "/me/standing",
    "/admin/disputes",
    "dispute",
    "appeal",
    "stuck_appeal",
    "dispute_opened",
    "dispute_updated",
];

/// The links that no page has while a program is off, by its flag.
const LINKS: [(&str, &[&str]); 4] = [
    ("contributions", &["/projects", "/seasons", "/admin/fair-play"]),
    ("hackathons", &["/hackathons", "/admin/hackathons"]),
    ("ctf", &["/ctf", "/admin/ctf", "/admin/game-platform"]),
    ("discovery", &["/discover", "/admin/discovery"]),
];

const PAGES: [&str; 12] = [
    "/",
    "/events",
    "/hackathons",
    "/leaderboards",
    "/leaderboards/months",
    "/people/finch-ash",
    "/search?q=lantern",
    "/search?q=nothing",
    "/me/standing",
    "/admin/overview",
    "/admin/deliveries",
    "/setup/done",
];

/// The scheduled jobs that do nothing while a program is off, by its flag.
const RESTS: [(&str, &[&str]); 3] = [
    ("contributions", &["ReviewDeadlines", "GamingDetection", "LateFlags", "SeasonEnds"]),
    (
        "ctf",
        &[
            "CtfWeeks",
            "CtfDivisionFigures",
            "GamePlatformSync",
            "GamePlatformTotals",
            "GamePlatformReconciliation",
        ],
    ),
    ("discovery", &["GithubSearches", "IssueDigests", "GoodMatches"]),
];

fn of_flag<T: Copy>(table: &[(&str, T)], flag: &Flag) -> T {
    let found = table.iter().find(|(name, _)| *name == flag.name);
    found.unwrap_or_else(|| panic!("no row for {}", flag.name)).1
}

/// Returns the modules that are programs.
fn programs() -> impl Iterator<Item = (&'static Module, Program)> {
    MODULES.iter().filter_map(|module| Some((module, module.program?)))
}

/// Returns the paths of the pages and of the API of a module.
fn paths(module: &Module, app: &TestApp) -> BTreeSet<String> {
    let pages = (module.pages)(&app.server).with_state(app.context().clone());
    let described = (module.api)().into_openapi();
    let pages = routes::of(&pages).into_iter().map(|(_, path)| path);
    pages.chain(described.paths.paths.keys().cloned()).collect()
}

fn is_hidden(answer: &Answer) -> bool {
    let words = ["There is no such page", "This page does not exist"];
    answer.status == 404 && words.iter().any(|words| answer.text.contains(words))
}

#[tokio::test]
async fn routes_of_a_program_that_is_off_do_not_exist() {
    let app = matrix::server().await;
    let admin = app.browser_of("admin").await;
    let mut wrong = Vec::new();
    for (module, program) in programs() {
        let (own, stays) = (paths(module, &app), of_flag(&STAYS, program.flag));
        set(&app, program.flag.name, to(false, 100)).await;
        let mut tried = 0;
        for (method, route, path, form, _) in rows::all() {
            if !own.contains(route) {
                continue;
            }
            let stays = stays.iter().any(|part| route.contains(part));
            // What stays is only read: the objects are those of other tests, too.
            if stays && method != "GET" {
                continue;
            }
            let answer = objects::call(&admin, method, path, form).await;
            if is_hidden(&answer) == stays {
                wrong.push(format!("{}: {method} {path}: {}", program.flag.name, answer.status));
            }
            tried += 1;
        }
        assert!(tried > 15, "{}: {tried}", program.flag.name);
        set(&app, program.flag.name, to(true, 100)).await;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    app.abandon().await;
}

#[test]
fn all_that_a_program_declares_has_its_flag() {
    for (module, program) in programs() {
        let mut declared: Vec<(&str, Option<&'static Flag>)> =
            vec![("front", module.front.map_or(Some(program.flag), |front| front.flag))];
        declared.extend(module.navigation.iter().map(|item| (item.address, item.flag)));
        declared.extend(module.events.iter().map(|events| (events.all.0, events.flag)));
        declared.extend(module.tasks.iter().map(|kind| (kind.code, kind.flag)));
        declared.extend(module.running.iter().map(|kind| (kind.code, kind.flag)));
        declared.extend(module.pictured.iter().map(|own| (own.kind, own.flag)));
        declared.extend(module.search.iter().map(|kind| (kind.code, kind.flag)));
        declared.extend(module.first_steps.iter().map(|step| (step.address, step.flag)));
        declared.extend(module.news.iter().map(|kind| (kind.code, kind.flag)));
        for (what, flag) in declared {
            let has = flag.is_some_and(|flag| module.flags.contains(&flag));
            assert_eq!(has, !WITHOUT.contains(&what), "{}: {what}", module.name);
        }
    }
}

/// Returns whether a page has a link to a path, or below it.
fn has_link(page: &str, link: &str) -> bool {
    ["\"", "/", "?", "#"].iter().any(|end| page.contains(&format!("href=\"{link}{end}")))
}

#[tokio::test]
async fn no_link_leads_to_a_program_that_is_off() {
    let app = TestApp::start().await;
    let browsers = [Browser::new(&app), super::admin(&app).await];
    app.project("lantern").await;
    for (_, program) in programs() {
        let links = of_flag(&LINKS, program.flag);
        for is_on in [true, false] {
            set(&app, program.flag.name, to(is_on, 100)).await;
            let mut linked = BTreeSet::new();
            for (browser, path) in browsers.iter().flat_map(|one| PAGES.map(|path| (one, path))) {
                let page = browser.get(path).await.text;
                let found = links.iter().filter(|link| has_link(&page, link));
                linked.extend(found.map(|link| (*link, if is_on { "" } else { path })));
            }
            let expected = links.iter().filter(|_| is_on).map(|link| (*link, ""));
            let expected: BTreeSet<_> = expected.collect();
            assert_eq!(linked, expected, "{} {is_on}", program.flag.name);
        }
        set(&app, program.flag.name, to(true, 100)).await;
    }
    app.finish().await;
}

#[tokio::test]
async fn scheduled_jobs_of_a_program_that_is_off_do_nothing() {
    let app = TestApp::start().await;
    for (name, schedules) in RESTS {
        set(&app, name, to(false, 100)).await;
        for schedule in schedules {
            let said = app.run_schedule(schedule).await;
            assert_eq!(said, format!("nothing: the flag {name} is off"), "{schedule}");
        }
    }
    // Points are counted, and claims end.
    for (schedule, words) in [("AwardMaturing", "pending period"), ("ClaimDeadlines", "0 claims")] {
        let said = app.run_schedule(schedule).await;
        assert!(said.contains(words), "{schedule}: {said}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_ban_is_contested_without_the_program_that_has_disputes() {
    let app = TestApp::start().await;
    set(&app, "contributions", to(false, 100)).await;
    let wren = app.browser_of("wren-oak").await;
    app.ban("wren-oak").await;
    let page = wren.get("/me/standing").await.text;
    let mut links = page.split("href=\"").filter_map(|rest| rest.split('"').next());
    let form = links.find(|link| link.starts_with("/disputes/new?kind=ban")).expect("a link");
    assert_eq!(wren.get(&form.replace("&#38;", "&")).await.status, 200);
    let ban = form.rsplit('=').next().expect("a ban");
    let filled = [("kind", "ban"), ("target", ban), ("text", "A course.")];
    let dispute = wren.post("/disputes", &filled).await;
    let admin = super::admin(&app).await;
    assert_eq!(admin.get(dispute.location()).await.status, 200);
    let work = admin.get("/work").await.text;
    assert!(work.contains("contests a ban"), "{work}");
    app.work().await;
    app.finish().await;
}

/// The page of the setup that turns programs on or off.
const SETUP: &str = "/setup/programs";

/// Returns the flags of programs whose boxes are checked.
async fn chosen(admin: &Browser<'_>) -> Vec<&'static str> {
    let page = admin.get(SETUP).await.text;
    let is_checked = |name: &str| page.contains(&format!("value=\"{name}\" checked"));
    programs().map(|(_, program)| program.flag.name).filter(|name| is_checked(name)).collect()
}

#[tokio::test]
async fn the_setup_turns_programs_on_and_off() {
    let app = TestApp::start().await;
    let admin = super::admin(&app).await;
    let page = admin.get(SETUP).await.text;
    for (_, program) in programs() {
        assert!(page.contains(program.title) && page.contains(program.says), "{page}");
        let picture = ui::assets::program(program.picture);
        assert!(page.contains(picture) && admin.get(picture).await.status == 200, "{picture}");
    }
    assert_eq!(chosen(&admin).await, ["contributions"], "the others are to be chosen");
    set(&app, "hackathons", to(true, 50)).await;
    let form = [("programs", "hackathons"), ("programs", "discovery")];
    assert_eq!(admin.post(SETUP, &form).await.location(), "/setup/github");
    assert_eq!(chosen(&admin).await, ["hackathons", "discovery"]);
    assert_eq!(admin.get("/projects").await.status, 404);
    assert_eq!(admin.get("/discover").await.status, 200);
    let set_to = "SELECT name || ' ' || rollout_percent AS value FROM feature_flags \
                  WHERE name IN ('hackathons', 'ctf') ORDER BY name";
    assert_eq!(app.values(set_to).await, ["ctf 100", "hackathons 50"], "a rollout goes on");
    let form = [("programs", "contributions"), ("programs", "hackathons")];
    admin.post(SETUP, &form).await.location();
    assert_eq!(admin.get("/projects").await.status, 200);
    let noted = "SELECT w.reason AS value FROM audit_logs a JOIN audit_words w ON w.id = a.id \
                 WHERE a.action = 'flag.change' AND a.actor_id IS NOT NULL";
    // Two were turned off, then one on and one off.
    assert_eq!(app.values(noted).await, ["set up"; 4]);
    let shown = admin.get("/admin/flags").await.text;
    assert!(shown.contains("id=\"ctf\"") && shown.contains("CTF teams of schools"), "{shown}");
    app.finish().await;
}

#[tokio::test]
async fn at_least_one_program_is_chosen() {
    let app = TestApp::start().await;
    let admin = super::admin(&app).await;
    let refused = admin.post(SETUP, &[]).await;
    refused.refuses_form(422, Some("programs"), "Choose at least one program");
    assert!(!refused.text.contains(" checked"), "{}", refused.text);
    assert_eq!(chosen(&admin).await, ["contributions"]);
    app.finish().await;
}

#[tokio::test]
async fn programs_that_were_chosen_or_are_in_use_stay_checked() {
    let all: Vec<&str> = programs().map(|(_, program)| program.flag.name).collect();
    let app = TestApp::start().await;
    let admin = super::admin(&app).await;
    let form: Vec<_> = all.iter().map(|name| ("programs", *name)).collect();
    admin.post(SETUP, &form).await.location();
    assert_eq!(chosen(&admin).await, all, "all were chosen, which is no change");
    app.finish().await;
    let app = TestApp::start().await;
    let admin = super::admin(&app).await;
    app.project("lantern").await;
    assert_eq!(chosen(&admin).await, all, "a community that has begun keeps what is on");
    app.finish().await;
}

#[tokio::test]
async fn a_program_that_the_environment_keeps_off_cannot_be_chosen() {
    let app = TestApp::with(|config| {
        config.switches.insert("ENABLE_CTF".to_owned(), "false".to_owned());
    })
    .await;
    let admin = super::admin(&app).await;
    let page = admin.get(SETUP).await.text;
    assert!(page.contains("value=\"ctf\" disabled"), "{page}");
    assert!(page.contains("Off: set by ENABLE_CTF in the environment of the server."), "{page}");
    let form = [("programs", "contributions"), ("programs", "ctf")];
    admin.post(SETUP, &form).await.location();
    assert_eq!(chosen(&admin).await, ["contributions"]);
    let kept = "SELECT count(*) FROM feature_flags WHERE name = 'ctf' AND enabled";
    assert_eq!(app.count(kept).await, 1);
    app.finish().await;
}
