//! No text that a person types into a form is lost: it is stored, or shown again. Each form of each page is filled with
//! words of its own, and submitted without a session, by each of its buttons, and with its first field empty.

mod at_once;
mod html;
mod people;
mod presets;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use html::{Button, Field, Form, Kind};

use crate::{
    app::{TestApp, browser::Browser},
    auth::{
        matrix,
        objects::{self, filled},
        rows::{
            Access::{
                self, Admin, AdminInPerson, EvenBanned, Hidden, InPerson, Moderator, Open, Owner,
                Party, SignedIn, Unread,
            },
            all,
        },
    },
    hackathons::typed_scene,
    privacy::erasure::texts,
};

/// Forms that this test does not reach, by template and field, with the reason. What they refuse is shown again like the
/// rest: [`every_refusal_shows_what_was_typed`] calls each route.
const UNREACHED: &[(&str, &str, &str)] = &[
    ("admin_people.html", "address", "this server sends no email"),
    ("email.html", "address", "this server sends no email"),
    ("hackathon_staff.html", "address", "this server sends no email"),
    ("sign_in.html", "address", "this server sends no email"),
    ("setup_admin.html", "address", "this server has an admin"),
    ("setup_github.html", "owner", "GitHub cannot reach this server"),
    ("own_github.html", "login", "the people of this test have linked their accounts"),
    ("phone.html", "number", "this server sends no text messages"),
    (
        "ctf_me.html",
        "first_name",
        "the form belongs to a competitor, and the people of this test are coaches",
    ),
    ("ctf_profile_link.html", "first_name", "the link is known only to who made it"),
    ("ctf_consent_link.html", "parent_name", "the link is known only to who made it"),
    ("exclusion.html", "reason", "needs a repository with a flag"),
    ("admin_pictures.html", "reason", "needs a picture that was reported"),
    ("settings_pictures.html", "description", "is sent with a file, which `pictures` does"),
    ("thing_picture.html", "description", "is sent with a file, which the tests of pictures do"),
    ("flag.html", "reason", "needs a flag"),
    ("flags.html", "reason", "needs two flags"),
    ("season_participant.html", "reason", "a sanction is lifted only after one was imposed"),
    ("survey.html", "text_*", "needs a survey that is open"),
    ("own_prizes.html", "claim", "needs a prize that was published"),
    ("prize_award.html", "reason", "needs a prize that was published"),
    ("reward.html", "claim", "needs points to redeem"),
    ("judging_results.html", "reason", "needs projects that are tied"),
    ("hackathon_submission_page.html", "appeal", "needs a disqualification"),
    ("new_school_year.html", "name", "needs a school year that ended"),
    ("transfer_project.html", "reason", "needs another maintainer"),
    ("hackathon_board_export.html", "*", "needs a service that is set up"),
    ("hackathon_results_form.html", "results", "needs a hackathon whose judging ended"),
    ("dispute_new.html", "text", "needs a decision that can be contested"),
    ("season_sign_off.html", "*", "needs a season that ended"),
];

/// Fields whose text is used, but neither shown nor stored as it is, by route, with the reason.
const NOT_KEPT: &[(&str, &str, &str)] = &[
    ("/hackathons/{slug}/own-prizes/{id}", "claim", "it is encrypted"),
    ("/rewards/{slug}", "claim", "it is encrypted"),
    ("/admin/rewards/{slug}/codes", "codes", "they are encrypted"),
    ("/settings/webhooks", "url", "its secret is shown first, and the list has the address"),
];

/// A form of a page, and who sees it.
struct Found {
    login: &'static str,
    form: Form,
}

/// Forms by who sees them and what they ask.
#[derive(Default)]
struct Walk {
    found: BTreeMap<(String, Vec<String>), Found>,
    /// The number of words that were typed.
    words: usize,
    lost: Vec<String>,
}

fn login_of(access: Access) -> &'static str {
    match access {
        Owner(login, _) | Party(login, _) | Hidden(login, _) => login,
        Moderator(_) | Admin(_) | AdminInPerson(_) => "admin",
        Open(_) | Unread(_) | SignedIn(_) | EvenBanned(_) | InPerson(_) => "person",
    }
}

/// Returns a path and those above it, where the page with a form may be.
fn with_parents(path: &str) -> Vec<&str> {
    let above = std::iter::successors(Some(html::path(path)), |path| {
        path.rsplit_once('/').map(|(above, _)| above)
    });
    std::iter::once(path).chain(above.take(3)).filter(|path| path.len() > 1).collect()
}

impl Walk {
    /// Collects the forms of a page.
    async fn look(&mut self, browser: &Browser<'_>, login: &'static str, path: &str) {
        let page = browser.get(path).await;
        if !page.header("content-type").starts_with("text/html") {
            return;
        }
        for form in html::forms(&page.text) {
            let names: Vec<String> = form.typed().map(|field| field.name.clone()).collect();
            if !names.is_empty() {
                // The address decides only as far as the fields do not: rows of a list have the same form.
                let depth =
                    form.path().split('/').map(|part| if part.len() > 30 { "*" } else { part });
                let key = (depth.collect::<Vec<_>>().join("/"), names);
                self.found.entry(key).or_insert(Found { login, form });
            }
        }
    }

    /// Collects the forms of all pages of the permission matrix and of its objects, as those who may see them.
    async fn look_everywhere(&mut self, app: &TestApp) {
        let owners: BTreeSet<&str> = all().iter().map(|row| login_of(row.4)).collect();
        let mut browsers = BTreeMap::new();
        for login in owners {
            browsers.insert(login, app.browser_of(login).await);
        }
        let mut seen = BTreeSet::new();
        for (_, _, path, _, access) in all() {
            if path.starts_with("/api/") || path.starts_with("/assets/") {
                continue;
            }
            for login in [login_of(access), "admin"] {
                for path in with_parents(path) {
                    if seen.insert((login, path.to_owned())) {
                        self.look(&browsers[login], login, path).await;
                    }
                }
            }
        }
        self.look(&browsers["admin"], "admin", "/admin/people/banned").await;
        for (method, route, make, form, _) in objects::rows() {
            let login = login_of(objects::access(method, route));
            let path = filled(route, &make(app, login).await);
            let browser = app.browser_of(login).await;
            if !path.starts_with("/api/") {
                for path in with_parents(&path) {
                    self.look(&browser, login, path).await;
                }
            }
            // Later objects rely on the result of this one.
            objects::call(&browser, method, &path, form).await;
        }
    }

    /// Submits the forms that were found.
    async fn submit(&mut self, app: &TestApp) {
        let tables = columns(app).await;
        for (_, Found { login, form }) in std::mem::take(&mut self.found) {
            let browser = app.browser_of(login).await;
            let stranger = Browser::new(app);
            self.post(app, &stranger, (&form, &Button::default(), false), &tables).await;
            for is_blank in [true, false] {
                let buttons = match form.buttons.len() {
                    0 => vec![Button::default()],
                    _ if is_blank => vec![form.buttons[0].clone()],
                    _ => form.buttons.clone(),
                };
                for button in buttons {
                    self.post(app, &browser, (&form, &button, is_blank), &tables).await;
                }
            }
        }
    }

    /// Submits a form by one of its buttons, and looks for its words.
    async fn post(
        &mut self,
        app: &TestApp,
        browser: &Browser<'_>,
        (form, button, is_blank): (&Form, &Button, bool),
        tables: &[String],
    ) {
        let (mut sent, mut words) = (Vec::new(), Vec::new());
        let mut is_first = is_blank;
        for field in form.fields.iter().filter(|field| field.kind != Kind::Off) {
            let mut value = field.value.clone();
            if field.is_typed() && std::mem::take(&mut is_first) {
                value = String::new();
            } else if field.is_typed() {
                self.words += 1;
                let word = format!("quill{:04}", self.words);
                value = typed(field, &word);
                words.push((field, word));
            }
            sent.push((field.name.as_str(), value));
        }
        if let Some((name, value)) = &button.field {
            sent.push((name.as_str(), value.clone()));
        }
        let action = button.action.as_deref().unwrap_or(&form.action);
        let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, &**value)).collect();
        let answer = browser.post(action, &sent).await;
        let mut shown = answer.text.to_lowercase();
        if answer.status == 303 {
            shown += &browser.get(answer.location()).await.text.to_lowercase();
        }
        words.retain(|(field, word)| {
            !shown.contains(word.as_str()) && !is_exempt(action, field) && !removes(button, field)
        });
        if words.is_empty() {
            return;
        }
        let stored =
            if answer.status.is_client_error() { Vec::new() } else { stored(app, tables).await };
        words.retain(|(_, word)| !stored.iter().any(|text| text.contains(word.as_str())));
        let lost: Vec<&str> = words.iter().map(|(field, _)| &*field.name).collect();
        if !lost.is_empty() {
            let by = button.field.as_ref().map_or("", |(_, value)| value);
            let blank = if is_blank { ", its first field empty" } else { "" };
            self.lost
                .push(format!("{action} by '{by}'{blank} answers {}: {lost:?}", answer.status));
        }
    }
}

/// Returns what a person types into a field.
fn typed(field: &Field, word: &str) -> String {
    match field.kind {
        Kind::Email => format!("{word}@hall.example"),
        Kind::Url => format!("https://{word}.example/a"),
        _ => word.to_owned(),
    }
}

/// Returns whether a button is there to remove the row of a field: `remove_link=1` that of `link_label_1`.
fn removes(button: &Button, field: &Field) -> bool {
    let removed = |(name, row): &(String, String)| {
        let rows = name.strip_prefix("remove_")?;
        Some(
            field.name.starts_with(&format!("{rows}_")) && field.name.ends_with(&format!("_{row}")),
        )
    };
    button.field.as_ref().and_then(removed).unwrap_or_default()
}

fn is_exempt(action: &str, field: &Field) -> bool {
    let is_of = |route: &str| {
        let pattern: Vec<&str> =
            route.split('/').map(|part| if part.starts_with('{') { "*" } else { part }).collect();
        html::fits(&pattern.join("/"), html::path(action))
    };
    NOT_KEPT.iter().any(|(route, name, _)| *name == field.name && is_of(route))
}

/// Returns a statement for each table that reads its texts.
async fn columns(app: &TestApp) -> Vec<String> {
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, column) in texts(app).await {
        tables.entry(table).or_default().push(format!("coalesce(CAST({column} AS text), '')"));
    }
    let statement = |(table, columns): (String, Vec<String>)| {
        format!("SELECT {} AS value FROM {table}", columns.join(" || ' ' || "))
    };
    tables.into_iter().map(statement).collect()
}

async fn stored(app: &TestApp, tables: &[String]) -> Vec<String> {
    let mut stored = Vec::new();
    for table in tables {
        stored.extend(app.values(table).await.into_iter().map(|text| text.to_lowercase()));
    }
    stored
}

/// Returns the source of a template with the files of its folder that it includes.
fn with_included(template: &Path) -> String {
    let source = fs::read_to_string(template).expect("a template");
    let mut parts = source.split("{% include \"");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once("\" %}").expect("an end");
        whole += &fs::read_to_string(template.with_file_name(name)).unwrap_or_default();
        whole += rest;
    }
    whole
}

/// Returns the forms of all templates that a person types into, by the name of the template.
fn templates() -> Vec<(String, Form)> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut folders = vec![crates];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name =
                path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            let parent = path.parent().and_then(Path::file_name).and_then(|name| name.to_str());
            if path.is_dir() && !matches!(&*name, "src" | "tests" | "target" | "assets") {
                folders.push(path);
            } else if name.ends_with(".html") && parent == Some("templates") {
                let source = with_included(&path);
                let forms = html::forms(&html::without_code(&source)).into_iter();
                let typed = forms.filter(|form| form.typed().next().is_some());
                found.extend(typed.map(|form| (name.clone(), form)));
            }
        }
    }
    found
}

/// Returns the forms of templates that were not found on any page, and are not in [`UNREACHED`].
fn unreached(visited: &[(String, Vec<String>)]) -> Vec<String> {
    let is_visited = |form: &Form| {
        visited.iter().any(|(path, names)| {
            let has = |field: &Field| names.iter().any(|name| html::fits(&field.name, name));
            html::fits(&form.action, path) && form.typed().any(has)
        })
    };
    let is_listed = |template: &str, form: &Form| {
        let has = |name: &str| form.typed().any(|field| field.name == name);
        UNREACHED.iter().any(|(known, name, _)| *known == template && has(name))
    };
    let missing =
        templates().into_iter().filter(|(name, form)| !is_visited(form) && !is_listed(name, form));
    let named = missing.map(|(name, form)| {
        let fields: Vec<_> = form.typed().map(|field| field.name.clone()).collect();
        format!("{name} {fields:?}")
    });
    named.collect()
}

#[tokio::test]
async fn nothing_that_is_typed_is_lost() {
    let mut walk = Walk::default();
    let mut visited = Vec::new();
    let mut app = matrix::server().await;
    app.may_leave_work();
    walk.look_everywhere(&app).await;
    visited.extend(walk.found.keys().cloned());
    walk.submit(&app).await;
    app.finish().await;
    for prepare in typed_scene::SCENES {
        let mut app = TestApp::start().await;
        app.may_leave_work();
        for (login, path) in prepare(&app).await {
            let browser = app.browser_of(login).await;
            walk.look(&browser, login, &path).await;
        }
        visited.extend(walk.found.keys().cloned());
        walk.submit(&app).await;
        app.finish().await;
    }
    let unreached = unreached(&visited);
    assert!(walk.lost.is_empty(), "lost:\n{}\nunreached: {unreached:#?}", walk.lost.join("\n"));
    assert!(unreached.is_empty(), "{unreached:#?}");
    assert!(walk.words > 200, "{} words", walk.words);
}

#[test]
fn exceptions_are_of_forms_that_exist() {
    let templates = templates();
    for (template, field, _) in UNREACHED {
        let is_of = |(name, form): &(String, Form)| {
            name == template && form.typed().any(|it| it.name == *field)
        };
        assert!(templates.iter().any(is_of), "{template} has no field {field}");
    }
    for (route, _, _) in NOT_KEPT {
        assert!(all().iter().any(|row| row.1 == *route), "{route}");
    }
}

#[tokio::test]
async fn every_refusal_shows_what_was_typed() {
    let mut app = matrix::server().await;
    app.may_leave_work();
    let (stranger, other) = (Browser::new(&app), app.browser_of("other").await);
    let mut lost = Vec::new();
    let mut refusals = 0;
    for (method, _, path, form, _) in all() {
        if method != "POST" || path.starts_with("/api/") {
            continue;
        }
        let sent = [form, &[("my_words", "Quills <and> ink")]].concat();
        for browser in [&stranger, &other] {
            let answer = browser.post(path, &sent).await;
            refusals += usize::from(answer.status.is_client_error());
            if answer.status.is_client_error() && !answer.text.contains("Quills &#60;and&#62; ink")
            {
                lost.push(format!("{path}: {}", answer.status));
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
    assert!(refusals > 200, "{refusals}");
    app.finish().await;
}
