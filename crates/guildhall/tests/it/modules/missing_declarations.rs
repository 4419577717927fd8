//! Finds missing declarations: a module's source is compared with its `MODULE`, and removing any field of a module must
//! be detected with the module's name.

use std::collections::{BTreeSet, HashSet};

use guildhall::MODULES;
use platform::module::{Module, Modules, Personal, Services};

use super::declared;
use crate::{
    app::{
        TestApp,
        sources::{self, Source},
    },
    auth::{routes, rows},
};

/// Public GET routes that differ by reader, are streamed, or must not be cached.
const NOT_CACHED: &[&str] = &[
    "/",
    "/api/hackathons/{id}/calendar.ics",
    "/api/health",
    "/api/v1/hackathons/{slug}",
    "/api/v1/hackathons/{slug}/judging",
    "/api/v1/hackathons/{slug}/judging/results",
    "/api/v1/hackathons/{slug}/prizes",
    "/api/v1/hackathons/{slug}/tracks",
    "/api/v1/hackathons/{slug}/projects",
    "/api/v1/hackathons/{slug}/staff",
    "/api/v1/rewards",
    "/api/v1/rewards/{slug}",
    "/assets/{file}",
    "/ctf/links/{token}/withdraw",
    "/dev/mail",
    "/dev/mail/{name}",
    "/discover/{id}",
    "/discover/repositories/{owner}/{name}",
    "/docs/api",
    "/docs/api/{tag}",
    "/docs/problems",
    "/hackathon-calendars/own/{token}",
    "/hackathon-calendars/{token}",
    "/hackathons",
    "/hackathons/{slug}",
    "/hackathons/{slug}/calendar.ics",
    "/hackathons/{slug}/judging/results",
    "/hackathons/{slug}/projects",
    "/hackathons/{slug}/projects/{id}",
    "/invitations/{token}",
    "/live",
    "/livez",
    "/manifest.webmanifest",
    "/metrics",
    "/people/{login}/ledger.csv",
    "/people/{login}/pull-requests.csv",
    "/projects/{slug}/pull-requests.csv",
    "/readyz",
    "/rewards",
    "/rewards/{slug}",
    "/seasons",
    "/seasons/{slug}",
    "/service-worker.js",
    "/settings/email/verify",
    "/setup",
    "/sign-in",
    "/sign-in/email",
    "/sign-in/email/{token}",
    "/sign-in/email/{token}/not-me",
    "/sign-in/github",
    "/sign-in/github/callback",
    "/sign-in/openid",
    "/sign-in/openid/callback",
    "/theme",
    "/unsubscribe/{token}",
    "/pictures/drawn/{version}/{kind}/{file}",
    "/previews/{file}",
];

/// Returns the literals after each `mark` in a text.
fn after<'a>(text: &'a str, mark: &str) -> BTreeSet<&'a str> {
    let rests = text.split(mark).skip(1);
    let literal = |rest: &'a str| {
        let (before, rest) = rest.split_once('"')?;
        (before.trim().is_empty()).then(|| rest.split('"').next())?
    };
    rests.filter_map(literal).collect()
}

/// Returns the query parameters that handlers of pages in a file read, each after the route that their comments name. `all` has
/// the types of other files.
fn read_parameters<'a>(file: &'a str, all: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut read = Vec::new();
    for handler in file.split("/// `GET ").skip(1) {
        let route = handler.split('`').next().unwrap_or_default();
        let head = handler.split(" -> ").next().unwrap_or_default();
        let kind = head.split("QueryString<").nth(1).and_then(|kind| kind.split('>').next());
        let fields = kind.and_then(|kind| {
            let begin = format!("struct {kind} {{\n");
            [file, all].into_iter().find_map(|text| Some(text.split_once(&begin)?.1))
        });
        let fields = fields.and_then(|fields| fields.split("\n}").next()).unwrap_or_default();
        let mut renamed = None;
        for line in fields.lines().map(str::trim) {
            if let Some(name) = line.strip_prefix("#[serde(rename = \"") {
                renamed = name.split('"').next();
            } else if let Some((name, _)) = line.split_once(": ")
                && !line.starts_with(['#', '/'])
            {
                let name = name.rsplit(' ').next().unwrap_or_default();
                read.push((route, renamed.take().unwrap_or(name)));
            }
        }
    }
    read
}

/// Codes that a query computes: no column has them.
const COMPUTED: [&str; 1] = ["QueuePart"];

/// Returns the types of codes that the module declares, and that its rows have.
fn read_codes(text: &str) -> BTreeSet<&str> {
    let declared = text.split("codes! {").skip(1).filter_map(|rest| {
        let (head, _) = rest.split_once(" {\n")?;
        head.rsplit(' ').next()
    });
    let named = text.split("stored!(").skip(1).filter_map(|rest| rest.split(')').next());
    let rows = text.split("FromQueryResult)]").skip(1);
    let rows: String = rows.filter_map(|rest| rest.split("}\n").next()).collect();
    let is_read = |name: &&str| {
        rows.contains(&format!(": {name},")) || rows.contains(&format!(": Option<{name}>,"))
    };
    // `Stored…` are lists in JSON.
    let is_code = |name: &&str| !name.starts_with("Stored") && !COMPUTED.contains(name);
    declared.chain(named).filter(is_read).filter(is_code).collect()
}

/// Compares a module's source with its declarations.
fn of_source(module: &Module, source: &Source, services: &Services) -> Vec<String> {
    let text = source.text();
    let mut missing = Vec::new();
    let mut check = |field: &str, has: BTreeSet<&str>, declares: &BTreeSet<String>| {
        for one in has.iter().filter(|one| !declares.contains(**one)) {
            missing.push(format!("{}: {field} lacks {one}", module.name));
        }
    };
    let mut tables = after(&text, " table(");
    tables.extend(after(&text, "keyed_table("));
    let tables = tables.into_iter().filter(|name| {
        text.contains(&format!("= table(\"{name}\""))
            || text.contains(&format!("keyed_table(\"{name}\""))
    });
    // A later migration may have renamed the table.
    let tables = tables.map(|name| {
        let renamed = text.split(&format!("\"ALTER TABLE {name} RENAME TO ")).nth(1);
        renamed.map_or(name, |rest| rest.split('"').next().unwrap_or_default())
    });
    let of = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
    check("tables", tables.collect(), &of(module.tables.iter().map(|table| table.name).collect()));
    let codes = || module.tables.iter().flat_map(|table| table.codes);
    let kinds = of(codes().map(|column| (column.kind)()).collect());
    check("codes", read_codes(&text), &kinds);
    let versions: BTreeSet<String> =
        (module.migrations)().iter().map(|one| one.name().to_owned()).collect();
    let written = text.split('"').filter(|literal| {
        literal.len() > 18 && literal.starts_with("2026_") && literal.as_bytes()[17] == b'_'
    });
    check("migrations", written.collect(), &versions);
    let described = declared::paths(module);
    let paths = text.split("#[utoipa::path(").skip(1).flat_map(|rest| {
        let head = rest.split(")]").next().unwrap_or_default();
        after(head, "path =").into_iter().take(1)
    });
    check("api", paths.collect(), &described);
    let mut routes: BTreeSet<String> =
        routes::of(&(module.pages)(services).with_state(services.context.clone()))
            .into_iter()
            .chain(routes::of(&(module.intake)(services)))
            .map(|(_, path)| path)
            .collect();
    routes.extend(
        routes::of(&axum::Router::from((module.api)()).with_state(services.context.clone()))
            .into_iter()
            .map(|(_, path)| path),
    );
    let elsewhere = [
        "/dev/mail",
        "/dev/mail/{name}",
        "/healthz",
        "/livez",
        "/metrics",
        "/readyz",
        "/sign-in/demo",
    ];
    let written = after(&text, ".route(").into_iter().filter(|path| !elsewhere.contains(path));
    check("pages", written.collect(), &routes);
    let jobs = (module.jobs)(services);
    let names = jobs.workers.iter().map(|worker| worker.name);
    let names = names.chain(jobs.schedules.iter().map(platform::jobs::Schedule::name));
    let mut written = after(&text, "Worker::new(");
    written.extend(after(&text, "Schedule::new("));
    check("jobs", written, &of(names.collect()));
    let kinds = ["counter", "gauge", "histogram"];
    let marks = kinds.map(|kind| format!("Metric::{kind}("));
    let recorded = marks.iter().flat_map(|mark| after(&text, mark)).collect();
    let names = of(module.metrics.iter().map(|metric| metric.name).collect());
    check("metrics", recorded, &names);
    let read = source.files.iter().flat_map(|(_, file)| read_parameters(file, &text));
    let read = read.filter(|(route, _)| module.public_routes.contains(route));
    let read: Vec<String> = read.map(|(route, name)| format!("{route} {name}")).collect();
    let parameters = module.page_parameters.iter();
    let parameters = parameters
        .flat_map(|(route, names)| names.iter().map(move |name| format!("{route} {name}")));
    check("page_parameters", read.iter().map(String::as_str).collect(), &parameters.collect());
    let flags =
        text.split(": &Flag = &Flag {").chain(text.split("&'static Flag = &Flag {")).skip(1);
    let flags = flags.flat_map(|rest| after(rest.split(';').next().unwrap_or_default(), "name:"));
    let names = of(module.flags.iter().map(|flag| flag.name).collect());
    check("flags", flags.filter(|_| text.contains("&Flag {")).collect(), &names);
    let news = text.split("NewsKind = NewsKind {").skip(1);
    let news = news.flat_map(|rest| after(rest.split('}').next().unwrap_or_default(), "code:"));
    check("news", news.collect(), &of(module.news.iter().map(|kind| kind.code).collect()));
    let count = |mark: &str| text.matches(mark).count();
    let mut fewer = |field: &str, has: usize, declares: usize| {
        if has > declares {
            missing.push(format!("{}: {field} declares {declares} of {has}", module.name));
        }
    };
    fewer("email_samples", count("\nimpl EmailTemplate for "), (module.email_samples)().len());
    fewer(
        "sealed",
        count("SealedColumn {\n        table:").max(count(": SealedColumn = ")),
        module.sealed.len(),
    );
    let concerns = |personal: &[Personal]| {
        module.tables.iter().filter(|table| personal.contains(&table.personal)).count()
    };
    let some = |is: bool| usize::from(is) * usize::MAX;
    fewer("erase", concerns(&[Personal::Erased]), some(module.erase.is_some()));
    fewer("invites", count("pub async fn invites("), some(module.invites.is_some()));
    fewer(
        "export",
        concerns(&[Personal::Erased, Personal::Pseudonymous]),
        some(module.export.is_some()),
    );
    missing
}

/// Compares the modules with each other and with the permission matrix.
fn of_whole(modules: Modules, services: &Services) -> Vec<String> {
    let mut missing = Vec::new();
    let rows = rows::all();
    let reads = || rows.iter().filter(|row| row.0 == "GET");
    let public: BTreeSet<&str> = modules.public_routes().into_iter().collect();
    for row in reads().filter(|row| matches!(row.4, rows::Access::Open(200 | 302 | 303 | 404))) {
        if !public.contains(row.1) && !NOT_CACHED.contains(&row.1) {
            missing.push(format!("public_routes lacks {}", row.1));
        }
    }
    let navigation = modules.navigation();
    for row in reads().filter(|row| {
        let depth = row.1.matches('/').count();
        let is_tab = row.1.starts_with("/settings/") || row.1.starts_with("/admin/");
        is_tab && depth == 2 && !row.1.contains(['{', '.'])
    }) {
        if !navigation.iter().any(|item| item.address == row.1 || item.under.contains(&row.1)) {
            missing.push(format!("navigation lacks {}", row.1));
        }
    }
    let tags: BTreeSet<&str> = modules.api_tags().iter().map(|tag| tag.name).collect();
    let topics: BTreeSet<&str> =
        modules.jobs(services).workers.iter().map(|worker| worker.topic).collect();
    for source in sources::of_modules() {
        let text = source.text();
        for tag in after(&text, "\n    tag =") {
            if !tags.contains(tag) {
                missing.push(format!("api_tags lacks {tag}"));
            }
        }
        let own = source.files.iter().filter(|(path, _)| path.ends_with("model/topics.rs"));
        for (_, text) in own {
            for topic in after(text, ": &str =") {
                if !topics.contains(topic) {
                    missing.push(format!("jobs: no worker takes the topic {topic}"));
                }
            }
        }
    }
    missing
}

fn all(modules: Modules, services: &Services) -> Vec<String> {
    let sources = sources::of_modules();
    let mut missing = of_whole(modules, services);
    for module in modules.iter() {
        let source = sources.iter().find(|source| source.module == module.name);
        let source = source.unwrap_or_else(|| panic!("a crate is named {}", module.name));
        missing.extend(of_source(module, source, services));
    }
    missing
}

#[tokio::test]
async fn modules_declare_everything_they_have() {
    let app = TestApp::start().await;
    let missing = all(MODULES, &app.server);
    assert!(missing.is_empty(), "{missing:#?}");
    app.finish().await;
}

#[test]
fn parameters_of_pages_are_found() {
    let text = "#[serde(default)]\nstruct Asked {\n    /// Of: a page.\n    cursor: String,\n    #[serde(rename = \"type\")]\n    \
                pub(crate) kind: String,\n}\n/// `GET /a/{b}`: rows.\nfn a(QueryString(q): QueryString<Asked>) -> X {}\n\
                /// `GET /c`.\nfn c() -> Y { QueryString<Asked> }";
    assert_eq!(read_parameters(text, ""), [("/a/{b}", "cursor"), ("/a/{b}", "type")]);
}

#[tokio::test]
async fn declarations_match_the_list() {
    let app = TestApp::start().await;
    let is = declared::list(MODULES, &app.server);
    let path = sources::root().join("crates/guildhall/tests/it/modules/modules.txt");
    if std::env::var_os("UPDATE_MODULES").is_some() {
        std::fs::write(&path, &is).expect("written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    for line in only_in(&is, &expected) {
        println!("+ {line}");
    }
    for line in only_in(&expected, &is) {
        println!("- {line}");
    }
    assert!(is == expected, "declarations differ; UPDATE_MODULES=1 rewrites modules.txt");
    app.finish().await;
}

/// Returns the lines of a text that another does not have.
fn only_in<'a>(text: &'a str, other: &str) -> Vec<&'a str> {
    let known: HashSet<&str> = other.lines().collect();
    text.lines().filter(|line| !known.contains(line)).collect()
}

/// Empties each field of each module in turn: a check or the list must report the module.
#[tokio::test]
async fn a_missing_field_is_found() {
    let app = TestApp::start().await;
    let expected = declared::list(MODULES, &app.server);
    let mut tried = 0;
    for (place, module) in MODULES.iter().enumerate() {
        for (field, without) in declared::without_each_field(module) {
            let without: &'static Module = Box::leak(Box::new(without));
            let mut changed: Vec<&'static Module> = MODULES.iter().collect();
            changed[place] = without;
            let changed = Modules(Vec::leak(changed));
            let mut services = Services::clone(&app.server);
            services.extensions.insert(changed);
            let is = declared::list(changed, &services);
            let name = module.name;
            let lost = only_in(&expected, &is);
            assert!(!lost.is_empty(), "{name} without {field} is not found");
            assert!(lost.iter().all(|line| line.starts_with(name)), "{name}.{field}: {lost:?}");
            tried += 1;
        }
    }
    assert!(tried > 50, "{tried}");
    app.finish().await;
}
