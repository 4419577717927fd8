//! A form with several wrong fields names all of them at once: in its banner, by the names of its page, and at each field.

use identity::model::Role;

use crate::app::{
    TestApp,
    browser::{Answer, Browser},
};

/// A form, what is sent to it, and the fields that are wrong.
struct Wrong {
    path: &'static str,
    sent: Vec<(&'static str, String)>,
    fields: &'static [&'static str],
}

fn wrong(
    path: &'static str,
    sent: &[(&'static str, &str)],
    fields: &'static [&'static str],
) -> Wrong {
    let sent = sent.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Wrong { path, sent, fields }
}

fn forms() -> Vec<Wrong> {
    let long = "x".repeat(51);
    vec![
        wrong(
            "/projects/new",
            &[("name", " "), ("tags", &*long), ("slug", "A b"), ("owner", "no-one-here")],
            &["name", "tags", "slug", "owner"],
        ),
        wrong(
            "/seasons/new",
            &[
                ("name", ""),
                ("first_day", "soon"),
                ("last_day", "2026-10-31"),
                ("registration_first_day", "later"),
                ("goal", "many"),
                ("rules", "{"),
                ("slug", "A b"),
            ],
            &["name", "first_day", "registration_first_day", "goal", "rules", "slug"],
        ),
        wrong(
            "/ctf/rosters/new",
            &[
                ("name", ""),
                ("school", "Harbor High"),
                ("school_year", "soon"),
                ("timezone", "UTC"),
                ("division", ""),
                ("region", ""),
            ],
            &["name", "school_year", "division", "region"],
        ),
        wrong(
            "/hackathons/new",
            &[
                ("title", ""),
                ("begins_at", "soon"),
                ("capacity", "lots"),
                ("timezone", "Lisbon"),
                ("visibility", "public"),
                ("places", "automatic"),
                ("team_min", "0"),
                ("team_max", "4"),
                ("slug", "A b"),
            ],
            &["title", "timezone", "begins_at", "capacity", "team_min", "slug"],
        ),
        wrong(
            "/admin/rewards/new",
            &[
                ("name", ""),
                ("kind", "swag"),
                ("cost", "much"),
                ("claim_kind", "none"),
                ("stock", "-1"),
                ("person_limit", "0"),
                ("active_from", "soon"),
                ("owner", "no-one-here"),
                ("slug", "A b"),
            ],
            &["name", "cost", "stock", "person_limit", "active_from", "slug", "owner"],
        ),
        wrong(
            "/admin/badges/new",
            &[
                ("slug", "A b"),
                ("name", ""),
                ("description", ""),
                ("criteria", "{"),
                ("rarity", "gold"),
            ],
            &["slug", "name", "description", "criteria", "rarity"],
        ),
        wrong(
            "/settings/tokens",
            &[("name", ""), ("scopes", "king"), ("expires_in_days", "0")],
            &["name", "scopes", "expires_in_days"],
        ),
        wrong(
            "/feedback",
            &[("kind", "rant"), ("words", " "), ("page", "discover")],
            &["kind", "words", "page"],
        ),
        wrong(
            "/setup/community",
            &[("community_name", ""), ("public_url", "here"), ("community_contact", "me")],
            &["community_name", "public_url", "community_contact"],
        ),
        wrong(
            "/setup/email",
            &[("host", "a b"), ("port", "high"), ("mail_from", ""), ("address", "me")],
            &["host", "port", "mail_from", "address"],
        ),
    ]
}

fn banner(page: &str) -> &str {
    let (_, rest) = page.split_once("role=\"alert\"").expect("a banner");
    rest.split("Everything you typed is still here.").next().unwrap_or_default()
}

fn names_all(answer: &Answer, form: &Wrong) {
    let page = &answer.text;
    assert_eq!(answer.status, 422, "{}: {page}", form.path);
    let banner = banner(page);
    assert!(banner.contains("answers need correcting"), "{}: {banner}", form.path);
    assert!(!page.contains("<!--name of"), "{}: a name is missing", form.path);
    for field in form.fields {
        let is_linked = banner.contains(&format!("href=\"#{field}\""));
        let has_id = page.contains(&format!(" id=\"{field}\""));
        assert_eq!(is_linked, has_id, "{} {field}: {banner}", form.path);
        let is_said = page.contains(&format!("id=\"{field}-e\""));
        assert!(is_said || !has_id, "{} {field}: {page}", form.path);
    }
    assert!(banner.matches("<li>").count() >= form.fields.len(), "{}: {banner}", form.path);
}

async fn refuse(browser: &Browser<'_>, form: &Wrong) {
    let sent: Vec<(&str, &str)> =
        form.sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = browser.post(form.path, &sent).await;
    names_all(&answer, form);
    for (name, value) in form.sent.iter().filter(|(_, value)| value.len() > 3) {
        let is_kept = answer.text.contains(&format!("value=\"{value}\""));
        // A choice that there is not cannot be shown as chosen.
        let is_choice = matches!(*name, "kind" | "scopes" | "rarity");
        assert!(is_kept || is_choice, "{} {name}: {value} is lost", form.path);
    }
}

#[tokio::test]
async fn a_form_with_several_wrong_fields_names_all_of_them() {
    let app = TestApp::start().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    for form in forms() {
        refuse(&admin, &form).await;
    }
    for table in
        ["projects", "seasons", "rosters", "coaches", "hackathons", "rewards", "api_tokens"]
    {
        assert_eq!(app.count(&format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
    }
    app.finish().await;
}

#[tokio::test]
async fn fields_are_named_as_the_page_names_them() {
    let app = TestApp::start().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let sent = [("name", ""), ("first_day", "soon"), ("last_day", "2026-10-31")];
    let refused = admin.post("/seasons/new", &sent).await;
    let banner = banner(&refused.text);
    assert!(banner.contains("Not saved. 2 answers need correcting."), "{banner}");
    for link in ["<a href=\"#name\">Name: Enter a name", "<a href=\"#first_day\">First day: "] {
        assert!(banner.contains(link), "{link}: {banner}");
    }
    let one = [("name", ""), ("first_day", "2026-10-01"), ("last_day", "2026-10-31")];
    let refused = admin.post("/seasons/new", &one).await;
    refused.refuses_form(422, Some("name"), "Enter a name of the season.");
    assert!(refused.text.contains("<a href=\"#name\">Name: Enter a name of the season.</a>"));
    app.finish().await;
}

#[tokio::test]
async fn the_api_lists_all_wrong_fields_beside_the_first() {
    let app = TestApp::start().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let body = serde_json::json!({ "name": " ", "tags": ["x".repeat(51)], "slug": "A b" });
    let refused = admin.call("POST", "/api/v1/projects", Some(&body)).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    let problem = refused.json();
    assert_eq!(problem["field"], "name");
    let errors = problem["errors"].as_array().expect("errors");
    let pointers: Vec<_> = errors.iter().map(|it| it["pointer"].as_str()).collect();
    assert_eq!(pointers, [Some("#/name"), Some("#/tags"), Some("#/slug")]);
    assert_eq!(problem["detail"], errors[0]["detail"]);
    app.finish().await;
}
